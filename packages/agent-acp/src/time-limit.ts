import type { Clock } from "@hermes/core";

/** What comes of `promise`, or of `late` once it took longer. The timer is gone when either is there. */
export async function withTimeLimit<T, L>(promise: Promise<T>, limitMs: number, clock: Clock, late: () => L): Promise<T | L> {
  let cancel = (): void => undefined;
  const timer = new Promise<void>((resolve) => (cancel = clock.wakeAt(clock.now() + limitMs, resolve)));
  try {
    return await Promise.race([promise, timer.then(late)]);
  } finally {
    cancel();
  }
}

/** What comes of `promise`, or undefined as soon as `signal` is aborted. */
export async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  let stop = (): void => undefined;
  const aborted = new Promise<undefined>((resolve) => {
    stop = () => resolve(undefined);
    if (signal.aborted) stop();
    else signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
