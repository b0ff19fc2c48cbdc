import type { Clock } from "@hermes/core";
import type { MaintenanceTask } from "@hermes/runtime";

const everyMs = 24 * 60 * 60_000;
const firstAfterMs = 60_000;

/** A folder whose files have their time. */
interface Sweepable {
  sweep(nowMs: number, maxAgeMs: number, signal?: AbortSignal): Promise<number>;
}

/** Removes what was last used longer ago than `maxAgeMs`, once a day. */
export function sweepFiles(name: string, folder: Sweepable, maxAgeMs: number, clock: Clock): MaintenanceTask {
  return {
    name,
    everyMs,
    firstAfterMs,
    async run({ signal }) {
      const count = await folder.sweep(clock.now(), maxAgeMs, signal);
      return count === 0 ? undefined : `${count} ${count === 1 ? "file" : "files"} removed`;
    },
  };
}
