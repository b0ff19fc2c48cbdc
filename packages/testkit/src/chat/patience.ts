import { settle, type FakeClock } from "../fake-clock.ts";

/** Real time that a test may cost while it waits for what the fake clock does not drive, in milliseconds. */
const realMs = 1000;

/**
 * Waits until `condition` holds, moving the clock from wake-up to wake-up, for no more than `forMs` of its time. Where nobody waits for
 * the clock, real time passes, a second at most. Returns whether it came to hold.
 */
export async function waitFor(clock: FakeClock, condition: () => boolean, forMs: number): Promise<boolean> {
  const untilMs = clock.now() + forMs;
  const realUntilMs = performance.now() + realMs;
  for (;;) {
    await settle();
    if (condition()) return true;
    if (clock.pending > 0 && clock.now() < untilMs) await clock.advance(Math.min(100, untilMs - clock.now()));
    else if (clock.pending > 0 || performance.now() > realUntilMs) return false;
    else await new Promise((resolve) => setTimeout(resolve, 1));
  }
}
