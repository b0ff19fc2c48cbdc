import { systemClock, type Clock } from "@hermes/core";

/** A clock that stands still until it is moved. */
export interface FakeClock extends Clock {
  /** Moves on by `ms`, running on the way what is due, and letting what that sets off run in between. */
  advance(ms: number): Promise<void>;
  /** The machine sleeps for `ms`: that time passes at once, and nothing runs before it wakes. */
  sleep(ms: number): Promise<void>;
  /** How many wake-ups are set. */
  readonly pending: number;
}

interface Wake {
  readonly atMs: number;
  readonly order: number;
  readonly callback: () => void;
}

/** A clock that stands at `startMs`. */
export function createFakeClock(startMs: number = Date.UTC(2026, 0, 1)): FakeClock {
  let nowMs = startMs;
  let order = 0;
  const wakes = new Set<Wake>();
  const nextDue = (untilMs: number): Wake | undefined => {
    let due: Wake | undefined;
    for (const wake of wakes) {
      const isEarlier = due === undefined || wake.atMs < due.atMs || (wake.atMs === due.atMs && wake.order < due.order);
      if (wake.atMs <= untilMs && isEarlier) due = wake;
    }
    return due;
  };
  const clock: FakeClock = {
    now: () => nowMs,
    wakeAt(atMs, callback) {
      const wake = { atMs, order: (order += 1), callback };
      wakes.add(wake);
      return () => wakes.delete(wake);
    },
    async advance(ms) {
      const untilMs = nowMs + ms;
      await settle();
      for (let wake = nextDue(untilMs); wake !== undefined; wake = nextDue(untilMs)) {
        wakes.delete(wake);
        nowMs = Math.max(nowMs, wake.atMs);
        wake.callback();
        await settle();
      }
      nowMs = untilMs;
      await settle();
    },
    async sleep(ms) {
      nowMs += ms;
      await clock.advance(0);
    },
    get pending() {
      return wakes.size;
    },
  };
  return clock;
}

/** Lets everything run that waits for nothing but its turn, a database's grouped commit included. */
export async function settle(): Promise<void> {
  for (let round = 0; round < 20; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Time as it passes by itself, in the shape of a clock that is moved: for harnesses whose other side is a real process. */
export const runningClock: FakeClock = {
  now: () => systemClock.now(),
  wakeAt: (atMs, callback) => systemClock.wakeAt(atMs, callback),
  advance: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
  sleep: (durationMs) => new Promise((resolve) => setTimeout(resolve, durationMs)),
  pending: 0,
};
