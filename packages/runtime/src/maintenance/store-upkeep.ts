import type { Clock } from "@hermes/core";
import type { Retention, Store } from "../store.ts";
import type { MaintenanceTask } from "./task.ts";

const everyMs = 30_000;
const dayMs = 24 * 60 * 60_000;

/** Bodies of events and parts go this long after they are settled; history stays. */
export const defaultRetention: Retention = { keepBodiesMs: 30 * dayMs };

/** Has the store do, slice by slice, what is kept off the way of messages: search index, retention, small values that have expired. */
export function storeUpkeep(store: Pick<Store, "maintain">, retention: Retention, clock: Clock): MaintenanceTask {
  return {
    name: "store-upkeep",
    everyMs,
    firstAfterMs: everyMs,
    async run({ signal, breathe }) {
      let slices = 1;
      while (!signal.aborted && (await store.maintain({ ...retention, nowMs: clock.now() }))) {
        slices += 1;
        await breathe();
      }
      return slices === 1 ? undefined : `${slices} slices`;
    },
  };
}
