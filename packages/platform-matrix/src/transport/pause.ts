import type { Clock } from "@hermes/core";

/** Waits, or ends early once `signal` is aborted. */
export function pause(durationMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.wakeAt(clock.now() + durationMs, done);
    signal.addEventListener("abort", done);
    if (signal.aborted) done();
  });
}
