import type { Clock } from "@hermes/core";
import type { MaintenanceTask } from "@hermes/runtime";
import type { Uploads } from "./uploads.ts";

const everyMs = 24 * 60 * 60_000;
const firstAfterMs = 60_000;

/** Removes what was uploaded longer ago than `maxAgeMs`, once a day. */
export function sweepUploads(uploads: Uploads, maxAgeMs: number, clock: Clock): MaintenanceTask {
  return {
    name: "uploads",
    everyMs,
    firstAfterMs,
    async run({ signal }) {
      const count = await uploads.sweep(clock.now(), maxAgeMs, signal);
      return count === 0 ? undefined : `${count} ${count === 1 ? "file" : "files"} removed`;
    },
  };
}
