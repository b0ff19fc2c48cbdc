import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import fc from "fast-check";
import { createSteadyClock, systemClock, type Clock } from "../src/index.ts";

/** The machine's two clocks, and a hand on each. */
interface Machine {
  readonly clock: Clock;
  readonly pass: (ms: number) => void;
  readonly set: (ms: number) => void;
  readonly wall: () => number;
}

function machine(startMs = 1_000_000): Machine {
  let wall = startMs;
  let monotonic = 0;
  return {
    clock: createSteadyClock({ wallMs: () => Math.floor(wall), monotonicMs: () => monotonic }),
    pass(ms) {
      wall += ms;
      monotonic += ms;
    },
    set(ms) {
      wall += ms;
    },
    wall: () => Math.floor(wall),
  };
}

const hourMs = 60 * 60_000;

describe("A steady clock", () => {
  const step = fc.record({
    passMs: fc.double({ min: 0, max: 10_000, noNaN: true }),
    jumpMs: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, fc.integer({ min: -48 * hourMs, max: 48 * hourMs })),
  });

  test("never goes back, whatever the machine's clock does, and is never behind it", () => {
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { clock, pass, set, wall } = machine(100 * 24 * hourMs);
        let before = clock.now();
        for (const { passMs, jumpMs } of steps) {
          pass(passMs);
          set(jumpMs);
          const now = clock.now();
          expect(now).toBeGreaterThanOrEqual(before);
          expect(now).toBeGreaterThanOrEqual(wall());
          expect(Number.isInteger(now)).toBe(true);
          before = now;
        }
      }),
    );
  });

  test("runs at nine tenths of real time at least, and no faster than it, while the machine's clock is behind", () => {
    const paces = fc.array(fc.double({ min: 0, max: 5000, noNaN: true }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 48 * hourMs }), paces, (backMs, passes) => {
        const { clock, pass, set } = machine(100 * 24 * hourMs);
        const before = clock.now();
        set(-backMs);
        let passedMs = 0;
        for (const passMs of passes) {
          pass(passMs);
          passedMs += passMs;
          // Whole milliseconds: one may be missing on either side.
          expect(clock.now() - before).toBeGreaterThanOrEqual(passedMs * 0.9 - 1);
          expect(clock.now() - before).toBeLessThanOrEqual(passedMs + 1);
        }
      }),
    );
  });

  test("agrees with the machine's clock again once ten times the jump has passed", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 10 * hourMs }), fc.integer({ min: 1, max: 60 }), (backMs, looks) => {
        const { clock, pass, set, wall } = machine(100 * 24 * hourMs);
        clock.now();
        set(-backMs);
        for (let look = 0; look < looks; look += 1) {
          pass((backMs * 10) / looks);
          clock.now();
        }
        pass(10);
        expect(clock.now()).toBe(wall());
      }),
    );
  });

  test("follows a jump forward at once", () => {
    const { clock, set, wall } = machine();
    clock.now();
    set(24 * hourMs);
    expect(clock.now()).toBe(wall());
  });
});

describe("The machine's clock", () => {
  let clock: Clock;
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000_000 });
    clock = createSteadyClock({ wallMs: () => Date.now(), monotonicMs: () => performance.now() });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is the real one", () => {
    vi.useRealTimers();
    expect(Math.abs(systemClock.now() - Date.now())).toBeLessThan(1000);
  });

  test("wakes at its moment, and at once for one that is past", () => {
    const woken: number[] = [];
    clock.wakeAt(1_000_000_500, () => woken.push(clock.now()));
    clock.wakeAt(10, () => woken.push(clock.now()));
    vi.advanceTimersByTime(0);
    expect(woken).toEqual([1_000_000_000]);
    vi.advanceTimersByTime(500);
    expect(woken).toEqual([1_000_000_000, 1_000_000_500]);
  });

  test("does not wake whoever changed their mind", () => {
    const woken: number[] = [];
    clock.wakeAt(1_000_000_500, () => woken.push(1))();
    vi.advanceTimersByTime(1000);
    expect(woken).toEqual([]);
  });

  test("waits for moments that are months away", () => {
    const woken: number[] = [];
    const farAwayMs = 40 * 24 * 60 * 60_000;
    clock.wakeAt(1_000_000_000 + farAwayMs, () => woken.push(clock.now()));
    vi.advanceTimersByTime(farAwayMs - 1);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(woken).toEqual([1_000_000_000 + farAwayMs]);
  });

  test("wakes after the time that has passed, though the machine's clock is set forward or back meanwhile", () => {
    const woken: string[] = [];
    clock.wakeAt(1_000_060_000, () => woken.push("a minute"));
    vi.setSystemTime(1_000_000_000 + 24 * hourMs);
    vi.advanceTimersByTime(59_999);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(woken).toEqual(["a minute"]);
    const atMs = clock.now() + 60_000;
    clock.wakeAt(atMs, () => woken.push(clock.now() >= atMs ? "another" : "too early"));
    vi.setSystemTime(1_000_000_000 - hourMs);
    vi.advanceTimersByTime(60_000);
    expect(woken).toEqual(["a minute"]);
    vi.advanceTimersByTime(7000);
    expect(woken).toEqual(["a minute", "another"]);
  });
});
