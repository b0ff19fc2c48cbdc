import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { Store } from "@hermes/runtime";
import { brokenPromises, simulate, type SimulationPlan, type SimulationStep } from "@hermes/runtime/testing";
import { openSqliteStore } from "@hermes/store/sqlite";

/** The same numbers for the same seed, between 0 and 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function planOf(seed: number): SimulationPlan {
  const random = randomFrom(seed);
  const pick = <T>(...choices: readonly [T, ...T[]]): T => choices[Math.floor(random() * choices.length)] ?? choices[0];
  const style = pick("edit" as const, "final" as const, "live" as const, "own" as const);
  const chat = (): number => pick(0, 1, 2, 3);
  const step = (): SimulationStep =>
    pick<() => SimulationStep>(
      () => ({ do: "say", chat: chat(), how: pick("short", "segments", "long", "slow", "steps") }),
      () => ({ do: "say", chat: chat(), how: pick("asks", "asks-on", "asks-twice", "once", "once-kept", "once-asks") }),
      () => ({ do: "answer", chat: chat(), by: pick("asked", "asked", "other") }),
      () => ({ do: "ledger", what: pick("retry", "drop", "replay") }),
      () => ({ do: "say", chat: chat(), how: "short" }),
      () => ({ do: "command", chat: chat(), text: pick("/whoami", "/new", "/stop", "/retry") }),
      () => ({ do: "command", chat: chat(), text: pick("/queue", "/queue drop 1", "/queue drop all") }),
      () => ({ do: "hand on", chat: chat(), by: pick("/queue", "/steer"), how: pick("short", "slow", "steps", "asks") }),
      () => ({ do: "edit", back: pick(0, 1, 2, 3), to: pick("other words", "nothing", "a command") }),
      () => ({ do: "delete", back: pick(0, 1, 2, 3) }),
      () => ({ do: "intrude" }),
      () => ({ do: "repeat", back: pick(0, 1, 2) }),
      () => ({ do: "fault", fault: { on: pick("send", "edit"), failure: { kind: "unavailable" }, acted: pick(true, false) } }),
      () => ({ do: "fault", fault: { on: "send", failure: { kind: "forbidden" } } }),
      () => ({ do: "refuse", writes: pick(true, false) }),
      () => ({ do: "advance", ms: pick(0, 100, 500, 2000, 5000, 70_000) }),
      () => ({ do: "advance", ms: 1000 }),
      () => ({ do: "crash", write: pick(0, 1, 2, 3, 4, 5, 6), after: pick(true, false) }),
      () => ({ do: "restart" }),
      () => ({ do: pick("pause", "resume") }),
    )();
  const tells = pick("not at all" as const, "drops repetitions" as const, "answers" as const);
  const unknown = pick("repeat-marked" as const, "repeat-marked" as const, "leave" as const, "ask" as const);
  const plan = { style, tells, unknown, resume: pick("replay", "continue"), steps: Array.from({ length: 25 }, step) } as const;
  const busy = pick("interrupt" as const, "queue" as const, "steer" as const);
  return pick(true, false) ? plan : { ...plan, busy, burstMs: pick(0, 600) };
}

const firstSeed = Number(process.env["SIMULATION_SEED"] ?? 1);
const runs = Number(process.env["SIMULATION_RUNS"] ?? 30);

it.each(Array.from({ length: runs }, (_, index) => index + firstSeed))(
  "Whatever happens to process, store and platform, every promise is kept with a file (seed %i)",
  async (seed) => {
    const folder = mkdtempSync(join(tmpdir(), "hermes-simulation-"));
    const handles: Store[] = [];
    const plan = planOf(seed);
    try {
      const result = await simulate(plan, async () => {
        const store = await openSqliteStore({ path: join(folder, "hermes.db"), durability: "process" });
        handles.push(store);
        return store;
      });
      expect(brokenPromises(plan, result), JSON.stringify(plan)).toEqual([]);
    } finally {
      for (const store of handles) await store.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
