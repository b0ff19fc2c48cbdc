import type { Clock } from "@hermes/core";
import { MediaFailure } from "./media-failure.ts";

/** A signal that is aborted when another one is, or when the time is over. */
export interface TimeLimit extends Disposable {
  readonly signal: AbortSignal;
  /** Throws the `MediaFailure` that says which of both it was, if it was any. */
  check(): void;
}

/** Begins to count `timeoutMs` now. Dispose of it when the work is done. */
export function timeLimit(timeoutMs: number, clock: Clock, outer: AbortSignal): TimeLimit {
  const over = new AbortController();
  const cancel = clock.wakeAt(clock.now() + timeoutMs, () => over.abort());
  return {
    signal: AbortSignal.any([outer, over.signal]),
    check() {
      if (outer.aborted) throw new MediaFailure({ kind: "stopped" });
      if (over.signal.aborted) throw new MediaFailure({ kind: "out-of-time", timeoutMs });
    },
    [Symbol.dispose]: cancel,
  };
}

/** What `work` comes to, or a rejection as soon as the time is over: who does not listen to a signal holds up nobody. */
export async function within<T>(limit: TimeLimit, work: Promise<T>): Promise<T> {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const onAbort = (): void => reject(new MediaFailure({ kind: "stopped" }));
  limit.signal.addEventListener("abort", onAbort, { once: true });
  // What it ends with when nobody waits any more concerns nobody.
  work.catch(() => undefined);
  try {
    limit.check();
    return await Promise.race([work, ended]);
  } catch (error) {
    limit.check();
    throw error;
  } finally {
    limit.signal.removeEventListener("abort", onAbort);
  }
}
