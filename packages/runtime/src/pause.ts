import type { Clock } from "@hermes/core";

/** Waits until `atMs` or until `signal` is aborted, whichever comes first. Never rejects. */
export async function pauseUntil(atMs: number, clock: Clock, signal: AbortSignal): Promise<void> {
  if (signal.aborted || clock.now() >= atMs) return;
  await new Promise<void>((resolve) => {
    const ended = (): void => {
      cancel();
      resolve();
    };
    const cancel = clock.wakeAt(atMs, () => {
      signal.removeEventListener("abort", ended);
      resolve();
    });
    signal.addEventListener("abort", ended, { once: true });
  });
}

/** What came of `call`, or `otherwise` as soon as `limit` is over. */
export async function settledWithin<T>(call: Promise<T>, otherwise: T, limit: TimeLimit): Promise<T> {
  const overdue = new Promise<T>((resolve) => {
    limit.signal.addEventListener("abort", () => resolve(otherwise), { once: true });
  });
  try {
    return await Promise.race([call, overdue]);
  } finally {
    limit.release();
  }
}

/** A limit on how long something is waited for. */
export interface TimeLimit {
  readonly signal: AbortSignal;
  release(): void;
}

/** A signal that is aborted with `parent`, or after `timeoutMs` by `clock`. Call `release` when the work is done. */
export function timeLimited(parent: AbortSignal, timeoutMs: number, clock: Clock): TimeLimit {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener("abort", follow, { once: true });
  const cancel = clock.wakeAt(clock.now() + timeoutMs, () => controller.abort(new Error(`No answer within ${timeoutMs} ms`)));
  return {
    signal: controller.signal,
    release() {
      cancel();
      parent.removeEventListener("abort", follow);
    },
  };
}

/** What comes of `call`; rejects with the reason as soon as `signal` is aborted, whether or not the call listens to it. */
export async function unlessAborted<T>(signal: AbortSignal, call: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([promise, call]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** Whether `work` is over, or `signal` was aborted first. */
export async function settledUnless(signal: AbortSignal, work: Promise<unknown>): Promise<"settled" | "aborted"> {
  if (signal.aborted) return "aborted";
  const { promise, resolve } = Promise.withResolvers<"aborted">();
  const abort = (): void => resolve("aborted");
  signal.addEventListener("abort", abort, { once: true });
  try {
    return await Promise.race([work.then(() => "settled" as const), promise]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
