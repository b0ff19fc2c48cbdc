import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { judge, type HealthFacts } from "../src/supervision/judge.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const nowMs = 10 * dayMs;

const quiet: HealthFacts = {
  transport: "up",
  transportSinceMs: 0,
  heardAtMs: 0,
  reportsEveryMs: undefined,
  cameInAtMs: undefined,
  unanswered: undefined,
};
const verdict = (facts: Partial<HealthFacts>) => judge({ ...quiet, ...facts }, nowMs).verdict;
const ago = (ms: number): number => nowMs - ms;

describe("A connection is alive", () => {
  it("on a quiet Sunday, when nothing came in, nothing went out and nothing was said of it for days", () => {
    expect(judge(quiet, nowMs)).toEqual({ verdict: "healthy" });
  });

  it("when many calls failed at one moment, which any network does now and then", () => {
    expect(verdict({ unanswered: { count: 50, firstAtMs: ago(2 * minuteMs), lastAtMs: ago(2 * minuteMs) } })).not.toBe("zombie");
  });

  it("as long as anything comes in by it, whatever becomes of what goes out", () => {
    const unanswered = { count: 50, firstAtMs: ago(9 * minuteMs), lastAtMs: ago(1000) };
    expect(verdict({ unanswered })).toBe("zombie");
    expect(verdict({ unanswered, cameInAtMs: ago(5 * minuteMs) })).toBe("suspect");
  });

  it("while it keeps its promise to report", () => {
    expect(verdict({ reportsEveryMs: minuteMs, heardAtMs: ago(119_000) })).toBe("healthy");
  });

  it("while it says again and again why it is degraded", () => {
    expect(verdict({ transport: "degraded", transportSinceMs: ago(dayMs), heardAtMs: ago(30_000) })).toBe("healthy");
  });
});

describe("A connection is dead", () => {
  it("when five calls in a row, over a minute, got no answer", () => {
    const row = { count: 5, firstAtMs: ago(70_000), lastAtMs: ago(5000) };
    expect(judge({ ...quiet, unanswered: row }, nowMs)).toEqual({ verdict: "zombie", why: "5 calls in a row got no answer" });
    expect(verdict({ unanswered: { ...row, count: 4 } })).toBe("suspect");
    expect(verdict({ unanswered: { ...row, firstAtMs: ago(60_000) } })).toBe("suspect");
    expect(verdict({ unanswered: { ...row, count: 2 } })).toBe("healthy");
  });

  it("when it is not up, and ten minutes later has not said a word more", () => {
    const trouble = (ms: number) => verdict({ transport: "degraded", transportSinceMs: ago(ms), heardAtMs: ago(ms) });
    expect([minuteMs, 2 * minuteMs, 9 * minuteMs, 10 * minuteMs].map(trouble)).toEqual([
      "healthy",
      "suspect",
      "suspect",
      "zombie",
    ]);
  });

  it("when it has been resuming for a quarter of an hour, however often it says so", () => {
    const resuming = { transport: "resuming", transportSinceMs: ago(15 * minuteMs), heardAtMs: ago(1000) } as const;
    expect(verdict(resuming)).toBe("zombie");
    expect(verdict({ ...resuming, transportSinceMs: ago(14 * minuteMs) })).toBe("healthy");
    expect(verdict({ ...resuming, cameInAtMs: ago(3 * minuteMs) })).toBe("healthy");
  });

  it("when it has broken its promise to report three times over", () => {
    const silent = (ms: number) => verdict({ reportsEveryMs: minuteMs, heardAtMs: ago(ms) });
    expect([2 * minuteMs, 2 * minuteMs + 1, 3 * minuteMs, 3 * minuteMs + 1].map(silent)).toEqual([
      "healthy",
      "suspect",
      "suspect",
      "zombie",
    ]);
  });
});

describe("Whatever is known of a connection", () => {
  const moment = fc.integer({ min: 0, max: nowMs });

  it("that is up, promised nothing and left no call unanswered, it is never taken for anything but alive", () => {
    fc.assert(
      fc.property(moment, moment, fc.option(moment, { nil: undefined }), (transportSinceMs, heardAtMs, cameInAtMs) => {
        expect(verdict({ transportSinceMs, heardAtMs, cameInAtMs })).toBe("healthy");
      }),
    );
  });

  it("something that came in just now is proof against death", () => {
    const facts = fc.record({
      transport: fc.constantFrom("up", "resuming", "degraded" as const),
      transportSinceMs: moment,
      heardAtMs: moment,
      reportsEveryMs: fc.option(fc.integer({ min: 1, max: dayMs }), { nil: undefined }),
      unanswered: fc.option(fc.record({ count: fc.nat(100), firstAtMs: moment, lastAtMs: moment }), { nil: undefined }),
    });
    fc.assert(
      fc.property(facts, (known) => {
        expect(verdict({ ...known, cameInAtMs: nowMs })).not.toBe("zombie");
      }),
    );
  });
});
