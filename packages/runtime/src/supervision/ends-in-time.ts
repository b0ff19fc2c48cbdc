import type { Clock } from "@hermes/core";

/** How long an adapter is waited for that was asked to end something. */
export interface Grace {
  readonly graceMs: number;
  readonly clock: Clock;
  /** Once this is aborted there is no limit any more: whoever stops everything has a limit of their own. */
  readonly stopping: AbortSignal;
}

/** Waits for `work`, which never rejects: true once it is over, false where it did not end in time. */
export async function endsInTime(work: Promise<unknown>, { graceMs, clock, stopping }: Grace): Promise<boolean> {
  if (stopping.aborted) {
    await work;
    return true;
  }
  const overdue = Promise.withResolvers<false>();
  const cancel = clock.wakeAt(clock.now() + graceMs, () => overdue.resolve(false));
  stopping.addEventListener("abort", cancel, { once: true });
  const isOver = await Promise.race([work.then(() => true), overdue.promise]);
  cancel();
  stopping.removeEventListener("abort", cancel);
  return isOver;
}
