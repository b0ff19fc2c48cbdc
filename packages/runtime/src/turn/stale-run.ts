import type { Clock, StopReason } from "@hermes/core";

/** How long an agent may be quiet before somebody is told, of the time after which its run is ended. */
const warnAt = 0.75;
const timeout: StopReason = "timeout";

/** What a run is watched with. */
export interface StaleRunOptions {
  readonly clock: Clock;
  /** The turn's own signal. */
  readonly signal: AbortSignal;
  /** A run that is quiet for so long is ended; 0 = never. */
  readonly inactivityMs: number;
  /** It has been quiet for most of that; told once. */
  readonly onQuiet: (quietMs: number) => void;
}

/** Ends a run of an agent of which nothing is heard. */
export interface StaleRunWatch {
  /** Aborted with the turn's signal, or with the reason `timeout`. */
  readonly signal: AbortSignal;
  hear(): void;
  /** Somebody else is waited for: until as many calls of `resume` the agent need not be heard. */
  pause(): void;
  resume(): void;
  stop(): void;
}

/** Watches a run from now on. */
export function watchStaleRun({ clock, signal, inactivityMs, onQuiet }: StaleRunOptions): StaleRunWatch {
  const controller = new AbortController();
  const follow = (): void => controller.abort(signal.reason);
  if (signal.aborted) follow();
  else signal.addEventListener("abort", follow, { once: true });
  let heardAtMs = clock.now();
  let isWarned = false;
  let isOver = false;
  let pauses = 0;
  let cancel = (): void => undefined;
  const limitMs = (): number => (isWarned ? inactivityMs : inactivityMs * warnAt);
  function arm(): void {
    cancel();
    const isWatched = inactivityMs > 0 && pauses === 0 && !isOver && !controller.signal.aborted;
    if (isWatched) cancel = clock.wakeAt(heardAtMs + limitMs(), look);
  }
  // Heard thousands of times a second, it only notes the time; here is when somebody looks.
  function look(): void {
    const quietMs = clock.now() - heardAtMs;
    if (quietMs >= inactivityMs) return controller.abort(timeout);
    if (quietMs >= limitMs()) {
      isWarned = true;
      onQuiet(quietMs);
    }
    arm();
  }
  function hear(): void {
    heardAtMs = clock.now();
  }
  arm();
  return {
    signal: controller.signal,
    hear,
    pause() {
      pauses += 1;
      cancel();
    },
    resume() {
      pauses -= 1;
      hear();
      arm();
    },
    stop() {
      isOver = true;
      cancel();
      signal.removeEventListener("abort", follow);
    },
  };
}
