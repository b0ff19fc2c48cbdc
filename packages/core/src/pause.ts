import type { Clock } from "./clock.ts";

/** Waits, or ends early once `signal` is aborted. Never rejects; nothing of it is left behind. */
export function pause(durationMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (durationMs <= 0 || signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      cancel();
      signal.removeEventListener("abort", done);
      resolve();
    };
    const cancel = clock.wakeAt(clock.now() + durationMs, done);
    signal.addEventListener("abort", done);
  });
}
