import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../src/index.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});

describe("The machine's clock", () => {
  test("wakes at its moment, and at once for one that is past", () => {
    const woken: number[] = [];
    systemClock.wakeAt(1500, () => woken.push(systemClock.now()));
    systemClock.wakeAt(10, () => woken.push(systemClock.now()));
    vi.advanceTimersByTime(0);
    expect(woken).toEqual([1000]);
    vi.advanceTimersByTime(500);
    expect(woken).toEqual([1000, 1500]);
  });

  test("does not wake whoever changed their mind", () => {
    const woken: number[] = [];
    systemClock.wakeAt(1500, () => woken.push(1))();
    vi.advanceTimersByTime(1000);
    expect(woken).toEqual([]);
  });

  test("waits for moments that are months away", () => {
    const woken: number[] = [];
    const farAwayMs = 40 * 24 * 60 * 60_000;
    systemClock.wakeAt(1000 + farAwayMs, () => woken.push(systemClock.now()));
    vi.advanceTimersByTime(farAwayMs - 1);
    expect(woken).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(woken).toEqual([1000 + farAwayMs]);
  });
});
