import type { Clock, Logger } from "@hermes/core";
import { pauseUntil } from "./pause.ts";
import { isStoreError } from "./store-error.ts";
import type { Retention, Store } from "./store.ts";

const everyMs = 30_000;
const betweenSlicesMs = 20;
const dayMs = 24 * 60 * 60_000;

/** Bodies of events and parts go this long after they are settled; history stays. */
export const defaultRetention: Retention = { keepBodiesMs: 30 * dayMs };

/** Has the store do, slice by slice, what is kept off the way of messages. Ends with `signal`. */
export async function keepMaintaining(
  store: Store,
  retention: Retention,
  clock: Clock,
  logger: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await pauseUntil(clock.now() + everyMs, clock, signal);
    try {
      while (!signal.aborted && (await store.maintain({ ...retention, nowMs: clock.now() }))) {
        await pauseUntil(clock.now() + betweenSlicesMs, clock, signal);
      }
    } catch (error) {
      logger[isStoreError(error) ? "debug" : "warn"](
        `Maintenance of the store failed and is tried again later: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
