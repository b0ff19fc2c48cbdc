import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createMemoryStore } from "@hermes/runtime";
import { brokenPromises, simulate, type SimulationPlan, type SimulationStep } from "@hermes/runtime/testing";

const chat = fc.integer({ min: 0, max: 3 });
const on = fc.constantFrom("send", "edit", "open", "update", "finish", "connect", "find" as const);
const step: fc.Arbitrary<SimulationStep> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant("say" as const),
      chat,
      how: fc.constantFrom(
        ...([
          "short",
          "segments",
          "long",
          "slow",
          "steps",
          "asks",
          "asks-on",
          "asks-twice",
          "once",
          "once-kept",
          "once-asks",
        ] as const),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("command" as const),
      chat,
      text: fc.constantFrom("/whoami", "/new", "/stop", "/retry" as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("command" as const),
      chat,
      text: fc.constantFrom("/queue", "/queue drop 1", "/queue drop all" as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("hand on" as const),
      chat,
      by: fc.constantFrom("/queue", "/steer" as const),
      how: fc.constantFrom("short", "slow", "steps", "asks" as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      back: fc.nat(3),
      to: fc.constantFrom("other words", "nothing", "a command" as const),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("delete" as const), back: fc.nat(3) }) },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant("answer" as const), chat, by: fc.constantFrom("asked", "other" as const) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant("ledger" as const), what: fc.constantFrom("retry", "drop", "replay" as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("intrude" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("repeat" as const), back: fc.nat(3) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant("fault" as const),
      fault: fc.oneof(
        fc.record({ on, failure: fc.constant({ kind: "rate-limited", retryAfterMs: 2000 } as const) }),
        fc.record({ on, failure: fc.constant({ kind: "unavailable" } as const), acted: fc.boolean() }),
        fc.record({ on: fc.constant("send" as const), failure: fc.constant({ kind: "forbidden" } as const) }),
        fc.record({
          on: fc.constant("send" as const),
          failure: fc.constant({ kind: "unavailable" } as const),
          hangs: fc.constant(true),
        }),
      ),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: "lose" as const }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom("pause", "resume" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("refuse" as const), writes: fc.boolean() }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("advance" as const), ms: fc.constantFrom(0, 100, 500, 2000, 5000, 70_000) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("crash" as const), write: fc.nat(6), after: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant({ do: "restart" as const }) },
);

const choice: fc.Arbitrary<SimulationStep> = fc.record({
  do: fc.constant("command" as const),
  chat,
  text: fc.constantFrom("/busy interrupt", "/busy queue", "/busy steer" as const),
});

function plans(style: SimulationPlan["style"], steps: fc.Arbitrary<SimulationStep> = step): fc.Arbitrary<SimulationPlan> {
  return fc.record({
    style: fc.constant(style),
    tells: fc.constantFrom("not at all", "drops repetitions", "answers" as const),
    resume: fc.constantFrom("replay", "continue" as const),
    unknown: fc.constantFrom("repeat-marked", "repeat-marked", "leave", "ask" as const),
    steps: fc.array(steps, { minLength: 1, maxLength: 25 }),
  });
}

const lively: fc.Arbitrary<SimulationPlan> = fc
  .constantFrom("edit", "final", "live", "own" as const)
  .chain((style) =>
    fc
      .tuple(
        plans(style, fc.oneof({ weight: 15, arbitrary: step }, { weight: 1, arbitrary: choice })),
        fc.constantFrom("interrupt", "queue", "steer" as const),
        fc.constantFrom(0, 600),
      )
      .map(([plan, busy, burstMs]) => ({ ...plan, busy, burstMs })),
  );

/** Hundreds of lives take seconds, and several times as many where others use the machine. */
const longestMs = 60_000;

describe("Whatever happens to the process, its store and its platform", () => {
  it.each(["edit", "final", "live", "own"] as const)(
    "every promise is kept on a platform of style %s",
    async (style) => {
      await fc.assert(
        fc.asyncProperty(plans(style), async (plan) => {
          const store = createMemoryStore();
          const result = await simulate(plan, async () => store);
          expect(brokenPromises(plan, result)).toEqual([]);
        }),
        { seed: Number(process.env["SIMULATION_SEED"] ?? 20260101), numRuns: Number(process.env["SIMULATION_RUNS"] ?? 250) },
      );
    },
    longestMs,
  );

  it(
    "agents are given all that people say, once and in order, whatever becomes of messages that come meanwhile",
    async () => {
      await fc.assert(
        fc.asyncProperty(lively, async (plan) => {
          const store = createMemoryStore();
          const result = await simulate(plan, async () => store);
          expect(brokenPromises(plan, result)).toEqual([]);
        }),
        { seed: Number(process.env["SIMULATION_SEED"] ?? 20260101), numRuns: Number(process.env["SIMULATION_RUNS"] ?? 400) },
      );
    },
    longestMs,
  );
});
