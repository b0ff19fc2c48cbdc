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

/** A signal that is aborted with `parent`, or after `timeoutMs` by `clock`. Call `release` when the work is done. */
export function timeLimited(
  parent: AbortSignal,
  timeoutMs: number,
  clock: Clock,
): { readonly signal: AbortSignal; release(): void } {
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
