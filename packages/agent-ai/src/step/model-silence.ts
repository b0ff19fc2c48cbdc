import type { Clock } from "@hermes/core";
import { ModelSilent } from "./failure.ts";

/** How long a model may say nothing. */
export interface SilenceLimits {
  readonly firstTokenMs: number;
  readonly idleMs: number;
}

/** Ends a call whose model says nothing. */
export interface SilenceWatch {
  /** Aborted with a `ModelSilent` when it was silent for too long, or as the outer signal is. */
  readonly signal: AbortSignal;
  /** It said something. */
  heard(): void;
  close(): void;
}

/** Watches one call. Close it, or a timer is left. */
export function watchSilence(outer: AbortSignal, { firstTokenMs, idleMs }: SilenceLimits, clock: Clock): SilenceWatch {
  const silence = new AbortController();
  let heardAtMs = clock.now();
  let limitMs = firstTokenMs;
  let cancel = wait();
  // One timer looks whether it was silent since; pieces come by the thousand, and need none of their own.
  function wait(): () => void {
    return clock.wakeAt(heardAtMs + limitMs, () => {
      if (clock.now() - heardAtMs < limitMs) cancel = wait();
      else silence.abort(new ModelSilent(`nothing came for ${Math.round(limitMs / 1000)} s`));
    });
  }
  return {
    signal: AbortSignal.any([outer, silence.signal]),
    heard() {
      heardAtMs = clock.now();
      if (limitMs === idleMs) return;
      limitMs = idleMs;
      cancel();
      cancel = wait();
    },
    close: () => cancel(),
  };
}
