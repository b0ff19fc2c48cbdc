import { describe, expect, it } from "vitest";
import { createMemoryStore, type MaintenanceTask, type Store } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { startGateway, type Bench } from "./set-up.ts";

const task = (more: Partial<MaintenanceTask>): MaintenanceTask => ({
  name: "test",
  everyMs: 1000,
  firstAfterMs: 1000,
  run: async () => undefined,
  ...more,
});
const factsOf = ({ gateway }: Bench, name = "test") => gateway.maintenance().find((facts) => facts.name === name);

async function stop({ gateway, clock }: Bench): Promise<void> {
  const stopped = gateway.stop();
  await clock.advance(10_000);
  await stopped;
}

describe("A task", () => {
  it("runs at its interval, and tells when, how long, with what, and when next", async () => {
    const bench = await startGateway({
      maintenance: [
        task({
          run: async ({ breathe }) => {
            await breathe();
            return "2 files";
          },
        }),
      ],
    });
    const startMs = bench.clock.now();
    expect(factsOf(bench)).toEqual({
      name: "test",
      everyMs: 1000,
      isRunning: false,
      runs: 0,
      failures: 0,
      nextAtMs: startMs + 1000,
    });
    await bench.clock.advance(1000);
    expect(factsOf(bench)).toEqual({
      name: "test",
      everyMs: 1000,
      isRunning: true,
      runs: 0,
      failures: 0,
      startedAtMs: startMs + 1000,
    });
    await bench.clock.advance(20);
    expect(factsOf(bench)).toEqual({
      name: "test",
      everyMs: 1000,
      isRunning: false,
      runs: 1,
      failures: 0,
      startedAtMs: startMs + 1000,
      durationMs: 20,
      result: { ok: true, summary: "2 files" },
      nextAtMs: startMs + 2020,
    });
    await stop(bench);
    expect(factsOf(bench)?.nextAtMs).toBeUndefined();
  });

  it("never overlaps itself, and holds up no other", async () => {
    let [running, most, others] = [0, 0, 0];
    const gate = Promise.withResolvers<undefined>();
    const slow = task({
      name: "slow",
      async run() {
        running += 1;
        most = Math.max(most, running);
        await gate.promise;
        running -= 1;
        return undefined;
      },
    });
    const quick = task({
      name: "quick",
      async run() {
        others += 1;
        return undefined;
      },
    });
    const bench = await startGateway({ maintenance: [slow, quick] });
    await bench.clock.advance(10_000);
    expect([most, others]).toEqual([1, 10]);
    gate.resolve(undefined);
    await settle();
    expect(factsOf(bench, "slow")).toMatchObject({ isRunning: false, runs: 1, durationMs: 9000 });
    await bench.clock.advance(3000);
    expect([most, factsOf(bench, "slow")?.runs]).toEqual([1, 4]);
    await stop(bench);
  });

  it("that fails is told of once, is seen, and runs again", async () => {
    let isBroken = true;
    const bench = await startGateway({
      maintenance: [
        task({
          async run() {
            if (isBroken) throw new Error("no room");
            return undefined;
          },
        }),
      ],
    });
    await bench.clock.advance(3000);
    expect(factsOf(bench)).toMatchObject({ runs: 3, failures: 3, result: { ok: false, failure: "no room" } });
    expect(bench.log.filter((line) => line.includes("task"))).toEqual([
      "warn: The task test failed and is tried again later: no room",
    ]);
    isBroken = false;
    await bench.clock.advance(1000);
    expect(factsOf(bench)).toMatchObject({ runs: 4, failures: 3, result: { ok: true } });
    expect(bench.log.at(-1)).toBe("info: The task test works again");
    await stop(bench);
  });

  it("that does not listen holds up a stop for a moment only, and leaves no alarm set", async () => {
    const bench = await startGateway({ maintenance: [task({ run: () => new Promise<never>(() => undefined) })] });
    await bench.clock.advance(1000);
    let isStopped = false;
    void bench.gateway.stop().then(() => (isStopped = true));
    await bench.clock.advance(1500);
    expect(isStopped).toBe(true);
    expect(bench.clock.pending).toBe(0);
  });

  it("ends at once at a stop where it breathes, and waiting ones wake no more", async () => {
    let slices = 0;
    const bench = await startGateway({
      maintenance: [
        task({
          async run({ signal, breathe }) {
            while (!signal.aborted) {
              slices += 1;
              await breathe();
            }
            return undefined;
          },
        }),
      ],
    });
    await bench.clock.advance(1100);
    expect(slices).toBe(6);
    let isStopped = false;
    void bench.gateway.stop().then(() => (isStopped = true));
    await settle();
    expect([isStopped, slices, bench.clock.pending]).toEqual([true, 6, 0]);
    await bench.clock.advance(60_000);
    expect(slices).toBe(6);
  });

  it("has a name of its own and an interval", async () => {
    const refused = (...tasks: readonly MaintenanceTask[]) => startGateway({ maintenance: tasks });
    await expect(refused(task({}), task({}))).rejects.toThrow("Two tasks are called `test`");
    await expect(refused(task({ name: "retention" }))).rejects.toThrow("Two tasks are called `retention`");
    await expect(refused(task({ name: "A b" }))).rejects.toThrow("small letters");
    await expect(refused(task({ everyMs: 0 }))).rejects.toThrow("to be more than 0, got 0");
  });
});

describe("First runs", () => {
  it("are spread over the first minute where nobody says when they are", async () => {
    const names = ["a", "b", "c"];
    const bench = await startGateway({
      maintenance: names.map((name) => ({ name, everyMs: 3_600_000, run: async () => undefined })),
    });
    const startMs = bench.clock.now();
    const firstMs = names.map((name) => (factsOf(bench, name)?.nextAtMs ?? 0) - startMs);
    expect(new Set(firstMs).size).toBe(3);
    expect(Math.min(...firstMs)).toBeGreaterThan(0);
    expect(Math.max(...firstMs)).toBeLessThan(60_000);
    await stop(bench);
  });
});

describe("The store's upkeep", () => {
  it("is done every half minute, slice by slice with room in between, and ends with the gateway", async () => {
    const store = createMemoryStore();
    const slicesAtMs: number[] = [];
    let left = 3;
    const maintain: Store["maintain"] = async ({ nowMs, only }) => {
      if (only !== "search-index") return false;
      slicesAtMs.push(nowMs);
      left -= 1;
      return left > 0;
    };
    const slicing = new Proxy(store, {
      get: (target, key: keyof Store) => {
        const member: unknown = key === "maintain" ? maintain : target[key];
        return typeof member === "function" ? (member as (...parts: unknown[]) => unknown).bind(target) : member;
      },
    });
    const bench = await startGateway({ store: slicing });
    const startMs = bench.clock.now();
    await bench.clock.advance(30_000 + 100);
    expect(slicesAtMs.map((atMs) => atMs - startMs)).toEqual([30_000, 30_020, 30_040]);
    expect(factsOf(bench, "search-index")).toMatchObject({ runs: 1, result: { ok: true, summary: "3 slices" } });
    await stop(bench);
  });
});
