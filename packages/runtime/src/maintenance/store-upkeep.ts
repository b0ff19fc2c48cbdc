import type { Clock } from "@hermes/core";
import type { Retention, Store, UpkeepKind } from "../store.ts";
import type { MaintenanceTask } from "./task.ts";

const everyMs = 30_000;
const dayMs = 24 * 60 * 60_000;

/** Bodies of events and parts go this long after they are settled; history stays. */
export const defaultRetention: Retention = { keepBodiesMs: 30 * dayMs };

const kinds: readonly UpkeepKind[] = ["expiry", "search-index", "retention"];

/** Has the store do, slice by slice and each kind by itself, what is kept off the way of messages. */
export function storeUpkeep(store: Pick<Store, "maintain">, retention: Retention, clock: Clock): readonly MaintenanceTask[] {
  return kinds.map((only) => ({
    name: only,
    everyMs,
    firstAfterMs: everyMs,
    async run({ signal, breathe }) {
      let slices = 1;
      while (!signal.aborted && (await store.maintain({ ...retention, nowMs: clock.now(), only }))) {
        slices += 1;
        await breathe();
      }
      return slices === 1 ? undefined : `${slices} slices`;
    },
  }));
}
