import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { retryDelayMs } from "../src/supervision/back-off.ts";
import {
  closedBreaker,
  defaultBreakerRules,
  stepBreaker,
  type BreakerInput,
  type BreakerRules,
  type BreakerState,
} from "../src/supervision/breaker.ts";

const minuteMs = 60_000;
const rules: BreakerRules = { ...defaultBreakerRules, failures: 3 };

/** What becomes of a breaker, and what would be told, with each input at its moment. */
function play(inputs: readonly (readonly [BreakerInput, number])[], with_: BreakerRules = rules) {
  const told: string[] = [];
  let state: BreakerState = closedBreaker;
  for (const [input, atMs] of inputs) {
    const step = stepBreaker(state, input, atMs, with_);
    if (step.change !== undefined) told.push(step.change);
    state = step.state;
  }
  return { state, told };
}

const failed: BreakerInput = { type: "failed" };
const due: BreakerInput = { type: "due" };
const steady: BreakerInput = { type: "steady" };
const resumed: BreakerInput = { type: "resumed" };
const trip = [
  [failed, 0],
  [failed, 0],
  [failed, 0],
] as const;

describe("A breaker", () => {
  it("opens with as many failures in a row as its rules say, and says so once", () => {
    expect(play(trip.slice(0, 2))).toEqual({ state: { phase: "closed", failures: 2 }, told: [] });
    expect(play(trip)).toEqual({
      state: { phase: "open", failures: 3, openedAtMs: 0, waitMs: 5 * minuteMs, probeAtMs: 5 * minuteMs },
      told: ["opened"],
    });
  });

  it("begins to count anew after a connection that lasted", () => {
    expect(play([...trip.slice(0, 2), [steady, 1], ...trip.slice(0, 2)]).state).toEqual({ phase: "closed", failures: 2 });
  });

  it("lets nobody through before the time of its probe", () => {
    expect(play([...trip, [due, 5 * minuteMs - 1]]).state.phase).toBe("open");
    expect(play([...trip, [due, 5 * minuteMs]]).state.phase).toBe("probing");
  });

  it("closes once a probe has lasted, and says so", () => {
    expect(play([...trip, [due, 5 * minuteMs], [steady, 6 * minuteMs]])).toEqual({
      state: closedBreaker,
      told: ["opened", "closed"],
    });
  });

  it("waits twice as long after each probe in vain, up to an hour, and says nothing of it", () => {
    let nowMs = 0;
    let { state } = play(trip);
    const waits: number[] = [];
    for (let probe = 0; probe < 6; probe += 1) {
      if (state.phase !== "open" || state.probeAtMs === undefined) throw new Error("It is not open");
      waits.push((state.probeAtMs - nowMs) / minuteMs);
      nowMs = state.probeAtMs;
      const next = [due, failed].map((input) => {
        const step = stepBreaker(state, input, nowMs, rules);
        state = step.state;
        return step.change;
      });
      expect(next).toEqual([undefined, undefined]);
    }
    expect(waits).toEqual([5, 10, 20, 40, 60, 60]);
  });

  it("waits no longer, and no shorter than it is asked to, after a probe that the platform put off", () => {
    const at = (untilMs: number) => play([...trip, [due, 5 * minuteMs], [{ type: "deferred", untilMs }, 5 * minuteMs]]).state;
    expect(at(5 * minuteMs + 10)).toMatchObject({ phase: "open", failures: 3, probeAtMs: 10 * minuteMs });
    expect(at(30 * minuteMs)).toMatchObject({ phase: "open", probeAtMs: 30 * minuteMs });
  });

  it("stays open until somebody resumes it, where that is what is wanted", () => {
    const manual = { ...rules, resume: "manual" } as const;
    expect(play([...trip, [due, 1e12]], manual).state).toMatchObject({ phase: "open", probeAtMs: undefined });
    expect(play([...trip, [resumed, 1]], manual).state.phase).toBe("probing");
    expect(play([...trip, [resumed, 1], [failed, 2]], manual)).toMatchObject({ state: { phase: "open" }, told: ["opened"] });
  });
});

const anyInput: fc.Arbitrary<BreakerInput> = fc.oneof(
  { weight: 6, arbitrary: fc.constant(failed) },
  { weight: 3, arbitrary: fc.constant(due) },
  { weight: 1, arbitrary: fc.constant(steady) },
  { weight: 1, arbitrary: fc.constant(resumed) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("deferred" as const), untilMs: fc.nat(10_000_000) }) },
);
const anyRules: fc.Arbitrary<BreakerRules> = fc.record({
  failures: fc.integer({ min: 1, max: 5 }),
  resume: fc.constantFrom("automatic", "manual" as const),
  firstProbeMs: fc.integer({ min: 1, max: 1000 }),
  maxProbeMs: fc.integer({ min: 1000, max: 10_000 }),
});

describe("Whatever happens to a platform, its breaker", () => {
  it("probes no earlier than it said, always some time where it does so by itself, and is told of once per opening", () => {
    fc.assert(
      fc.property(anyRules, fc.array(fc.tuple(anyInput, fc.nat(2000)), { maxLength: 60 }), (with_, steps) => {
        let nowMs = 0;
        let state: BreakerState = closedBreaker;
        let isTold = false;
        let inARow = 0;
        for (const [input, passedMs] of steps) {
          nowMs += passedMs;
          const before: BreakerState = state;
          const step = stepBreaker(before, input, nowMs, with_);
          state = step.state;
          inARow = input.type === "failed" ? inARow + 1 : input.type === "steady" || input.type === "resumed" ? 0 : inARow;
          if (before.phase === "open" && state.phase === "probing" && input.type !== "resumed") {
            expect(with_.resume).toBe("automatic");
            expect(nowMs).toBeGreaterThanOrEqual(before.probeAtMs ?? Infinity);
          }
          if (before.phase !== "open" && state.phase === "open") {
            const waitMs = (state.probeAtMs ?? nowMs) - nowMs;
            const longestMs = input.type === "deferred" ? Infinity : Math.max(with_.firstProbeMs, with_.maxProbeMs);
            expect(state.probeAtMs === undefined).toBe(with_.resume === "manual");
            expect(waitMs).toBeLessThanOrEqual(longestMs);
            if (with_.resume === "automatic") {
              expect(waitMs).toBeGreaterThanOrEqual(with_.firstProbeMs);
              expect(stepBreaker(state, due, state.probeAtMs ?? 0, with_).state.phase).toBe("probing");
            }
          }
          if (before.phase === "closed" && state.phase === "open") expect(inARow).toBeGreaterThanOrEqual(with_.failures);
          if (step.change === "opened") expect(isTold).toBe(false);
          if (step.change === "closed") expect(isTold).toBe(true);
          if (step.change !== undefined) isTold = step.change === "opened";
          expect(isTold).toBe(state.phase !== "closed");
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe("The wait before the next attempt", () => {
  it("doubles from a second to five minutes, a quarter more or less", () => {
    const waits = (random: number) =>
      [1, 2, 3, 9, 10, 99].map((tries) => retryDelayMs({ kind: "unavailable" }, tries, random) / 1000);
    expect(waits(0.5)).toEqual([1, 2, 4, 256, 300, 300]);
    expect(waits(0)).toEqual([0.75, 1.5, 3, 192, 225, 225]);
    expect(Math.max(...waits(0.999_999))).toBeLessThan(375);
  });

  it("is as long as a platform asks for, and two minutes more where somebody else listens", () => {
    expect(retryDelayMs({ kind: "rate-limited", retryAfterMs: 90_000 }, 1, 0.5)).toBe(90_000);
    expect(retryDelayMs({ kind: "rate-limited" }, 3, 0.5)).toBe(4000);
    expect(retryDelayMs({ kind: "conflict" }, 1, 0)).toBe(120_750);
  });
});
