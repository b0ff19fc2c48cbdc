import type { Clock, Logger } from "@hermes/core";
import type { Uploads } from "./uploads.ts";

const everyMs = 24 * 60 * 60_000;
const firstAfterMs = 60_000;

/** Removes what was uploaded long ago, once a day. Answers how to stop. */
export function keepSweeping(uploads: Uploads, maxAgeMs: number, clock: Clock, logger: Logger): () => void {
  let cancel = clock.wakeAt(clock.now() + firstAfterMs, sweep);
  function sweep(): void {
    uploads
      .sweep(clock.now(), maxAgeMs)
      .catch((error: unknown) => logger.warn(`Old files could not be removed: ${String(error)}`));
    cancel = clock.wakeAt(clock.now() + everyMs, sweep);
  }
  return () => cancel();
}
