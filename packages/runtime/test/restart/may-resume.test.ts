import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nextLife, readLife, type Life } from "../../src/restart/life.ts";
import { crashedRunsOf, mayResume, readTurnRuns, type TurnRuns } from "../../src/restart/may-resume.ts";

const limits = { maxCrashedRuns: 2, maxQuickCrashes: 3 };

describe("Whether an interrupted turn runs again", () => {
  it.each([
    { crashedRuns: 0, quickCrashes: 0, verdict: "run" },
    { crashedRuns: 1, quickCrashes: 2, verdict: "run" },
    { crashedRuns: 2, quickCrashes: 0, verdict: "set-aside" },
    { crashedRuns: 0, quickCrashes: 3, verdict: "held" },
    { crashedRuns: 2, quickCrashes: 3, verdict: "set-aside" },
  ] as const)("after $crashedRuns crashed runs and $quickCrashes quick crashes: $verdict", (row) => {
    expect(mayResume(row.crashedRuns, row, limits)).toBe(row.verdict);
  });
});

const first = nextLife(undefined, undefined, 1000);

describe("A life", () => {
  it("after none is the first", () => {
    expect(first).toEqual({ number: 1, startedAtMs: 1000, state: "young", quickCrashes: 0, plannedLife: 0, isTold: false });
  });

  it("after one that crashed while it was young counts it", () => {
    const second = nextLife({ ...first, isTold: true }, "turn_1", 2000);
    expect(second).toMatchObject({ number: 2, quickCrashes: 1, plannedLife: 0, isTold: true });
    expect(nextLife(second, "turn_1", 3000)).toMatchObject({ number: 3, quickCrashes: 2 });
  });

  it("after one that crashed later begins to count anew", () => {
    const second = nextLife({ ...first, quickCrashes: 2, isTold: true, state: "settled" }, "turn_1", 2000);
    expect(second).toMatchObject({ number: 2, quickCrashes: 0, plannedLife: 0, isTold: false });
  });

  it("after one that ended as planned knows what had begun by then", () => {
    const second = nextLife({ ...first, quickCrashes: 2, state: "ended" }, "turn_1", 2000);
    expect(second).toMatchObject({ number: 2, quickCrashes: 0, plannedLife: 1, plannedReplyId: "turn_1" });
  });

  it.each([undefined, null, "life", [], { number: 1 }, { ...first, state: "other" }, { ...first, quickCrashes: "2" }])(
    "that was kept as %j is none",
    (kept) => {
      expect(readLife(kept as never)).toBeUndefined();
    },
  );

  it("is read as it was kept", () => {
    expect(readLife(JSON.parse(JSON.stringify(first)) as never)).toEqual(first);
    expect(readTurnRuns({ runs: 1, life: 2 })).toEqual({ runs: 1, life: 2 });
    expect(readTurnRuns({ runs: "1", life: 2 })).toBeUndefined();
  });
});

/** One process: whether it came to run the turn, whether somebody had a say in it, and how it ended. */
interface Planned {
  readonly runsTurn: boolean;
  readonly byPerson: boolean;
  readonly end: "quick crash" | "crash" | "planned";
}

const plan = fc.array(
  fc.record<Planned>({
    runsTurn: fc.boolean(),
    byPerson: fc.boolean(),
    end: fc.constantFrom("quick crash", "crash", "planned"),
  }),
  { maxLength: 40 },
);

/** Lives through a plan with one turn, as the rooms do it; answers the most runs in a row without a person or a planned end. */
function mostRuns(steps: readonly Planned[], maxCrashedRuns: number): number {
  let life: Life | undefined;
  let kept: TurnRuns | undefined;
  let [isBegun, row, most] = [false, 0, 0];
  for (const { runsTurn, byPerson, end } of steps) {
    life = nextLife(life, isBegun ? "turn_1" : undefined, 0);
    if (runsTurn && !isBegun) {
      // Nobody notes a first run.
      isBegun = true;
      row = 1;
    } else if (runsTurn) {
      const runs = byPerson ? 0 : crashedRunsOf("turn_1", kept, life);
      if (byPerson || mayResume(runs, life, { maxCrashedRuns, maxQuickCrashes: 3 }) === "run") {
        kept = { runs: runs + 1, life: life.number };
        row = byPerson ? 1 : row + 1;
      }
    }
    most = Math.max(most, row);
    if (end === "planned") row = 0;
    life = { ...life, state: end === "planned" ? "ended" : end === "crash" ? "settled" : "young" };
  }
  return most;
}

describe("No plan of crashes", () => {
  it("makes a turn run more often than the limit without a person", () => {
    fc.assert(
      fc.property(plan, fc.integer({ min: 1, max: 4 }), (steps, maxCrashedRuns) => {
        expect(mostRuns(steps, maxCrashedRuns)).toBeLessThanOrEqual(maxCrashedRuns);
      }),
      { numRuns: 2000 },
    );
  });

  it("makes it run less often than the limit where nothing crashes quickly", () => {
    const crashes = Array.from({ length: 9 }, () => ({ runsTurn: true, byPerson: false, end: "crash" }) as const);
    for (const limit of [1, 2, 5]) expect(mostRuns(crashes, limit)).toBe(limit);
  });
});

describe("Runs of a turn", () => {
  const after = (plannedLife: number): Life => ({ ...first, number: 9, plannedLife, plannedReplyId: "turn_5" });

  it("before a planned end do not count", () => {
    expect(crashedRunsOf("turn_1", { runs: 2, life: 4 }, after(4))).toBe(0);
    expect(crashedRunsOf("turn_1", { runs: 2, life: 5 }, after(4))).toBe(2);
  });

  it("count the first one, which nobody notes, unless it ended as planned", () => {
    expect(crashedRunsOf("turn_6", undefined, after(4))).toBe(1);
    expect(crashedRunsOf("turn_5", undefined, after(4))).toBe(0);
  });
});
