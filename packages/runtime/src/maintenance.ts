import type { Clock, Logger } from "@hermes/core";
import { pauseUntil } from "./pause.ts";
import { isStoreError } from "./store-error.ts";
import type { Store } from "./store.ts";

const everyMs = 30_000;
const betweenSlicesMs = 50;
/** Bodies of events and parts go this long after they are settled; history stays. */
const keepBodiesMs = 30 * 24 * 60 * 60_000;

/** Has the store do, slice by slice, what is kept off the way of messages. Ends with `signal`. */
export async function keepMaintaining(store: Store, clock: Clock, logger: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await pauseUntil(clock.now() + everyMs, clock, signal);
    try {
      while (!signal.aborted && (await store.maintain({ nowMs: clock.now(), keepBodiesMs }))) {
        await pauseUntil(clock.now() + betweenSlicesMs, clock, signal);
      }
    } catch (error) {
      logger[isStoreError(error) ? "debug" : "warn"](
        `Maintenance of the store failed and is tried again later: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }
}
