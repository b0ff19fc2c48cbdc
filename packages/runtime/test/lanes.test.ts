import { describe, expect, it } from "vitest";
import { buildSessionKey, systemClock, type Clock, type SessionKey } from "@hermes/core";
import { settle } from "@hermes/runtime/testing";
import { Lanes } from "../src/lanes.ts";

function keyOf(name: string): SessionKey {
  return buildSessionKey({ kind: "background", id: name });
}

/** Lanes whose work is held until the test lets it go. */
function setUp(maxTurns = 10, clock: Clock = systemClock) {
  const started: string[] = [];
  const running = new Map<string, { readonly signal: AbortSignal; end(): void; release(): void }>();
  let most = 0;
  const lanes = new Lanes(
    {
      turn: async (key, signal, release) => {
        const name = key.split(":").at(-1) ?? "";
        started.push(name);
        await new Promise<void>((resolve) => {
          running.set(name, { signal, end: resolve, release });
          most = Math.max(most, running.size);
          signal.addEventListener("abort", () => resolve(), { once: true });
        });
        running.delete(name);
      },
      command: async (key) => {
        started.push(`command ${key.split(":").at(-1)}`);
      },
    },
    maxTurns,
    clock,
  );
  lanes.open();
  return { lanes, started, running, most: () => most };
}

describe("Lanes", () => {
  it("hold a turn no longer than was asked, however the time of day is set meanwhile", () => {
    const alarms = new Set<() => void>();
    let nowMs = 3_600_000;
    const clock: Clock = {
      ...systemClock,
      now: () => nowMs,
      wakeAt(_atMs, callback) {
        alarms.add(callback);
        return () => void alarms.delete(callback);
      },
    };
    const { lanes, started } = setUp(1, clock);
    lanes.addTurns(keyOf("a"), 1, nowMs + 600);
    nowMs = 0;
    expect(started).toEqual([]);
    for (const alarm of alarms) alarm();
    expect(started).toEqual(["a"]);
  });

  it("run one turn of a session at a time", async () => {
    const { lanes, started, running } = setUp();
    lanes.addTurns(keyOf("a"), 2);
    expect(started).toEqual(["a"]);
    running.get("a")?.end();
    await settle();
    expect(started).toEqual(["a", "a"]);
  });

  it("run different sessions at once, up to the limit", async () => {
    const { lanes, started, running, most } = setUp(2);
    for (const name of ["a", "b", "c"]) lanes.addTurns(keyOf(name), 1);
    expect(started).toEqual(["a", "b"]);
    running.get("b")?.end();
    await settle();
    expect(started).toEqual(["a", "b", "c"]);
    expect(most()).toBe(2);
  });

  it("let a busy session wait behind the others after each turn", async () => {
    const { lanes, started, running } = setUp(1);
    lanes.addTurns(keyOf("busy"), 3);
    lanes.addTurns(keyOf("other"), 1);
    for (const name of ["busy", "other", "busy", "busy"]) {
      running.get(name)?.end();
      await settle();
    }
    expect(started).toEqual(["busy", "other", "busy", "busy"]);
  });

  it("give a turn's place away as soon as its agent is done", async () => {
    const { lanes, started, running } = setUp(1);
    lanes.addTurns(keyOf("a"), 2);
    lanes.addTurns(keyOf("b"), 1);
    running.get("a")?.release();
    await settle();
    expect(started).toEqual(["a", "b"]);
    expect(lanes.isRunning(keyOf("a"))).toBe(true);
  });

  it("let commands pass a running turn", async () => {
    const { lanes, started } = setUp();
    lanes.addTurns(keyOf("a"), 1);
    lanes.addCommands(keyOf("a"), 1);
    await settle();
    expect(started).toEqual(["a", "command a"]);
  });

  it("interrupt a running turn and wait for its end", async () => {
    const { lanes, running } = setUp();
    lanes.addTurns(keyOf("a"), 1);
    const signal = running.get("a")?.signal;
    expect(await lanes.interrupt(keyOf("a"), "stop")).toBe(true);
    expect(signal?.reason).toBe("stop");
    expect(running.size).toBe(0);
    expect(await lanes.interrupt(keyOf("a"), "stop")).toBe(false);
  });

  it("forget sessions that have no work", async () => {
    const { lanes, running } = setUp();
    lanes.addTurns(keyOf("a"), 1);
    expect(lanes.busyCount).toBe(1);
    running.get("a")?.end();
    await lanes.idle();
    expect(lanes.busyCount).toBe(0);
  });

  it("start nothing once they are closed, and interrupt what runs", async () => {
    const { lanes, started, running } = setUp(1);
    lanes.addTurns(keyOf("a"), 1);
    lanes.addTurns(keyOf("b"), 1);
    const signal = running.get("a")?.signal;
    await lanes.close("shutdown");
    expect(signal?.reason).toBe("shutdown");
    lanes.addTurns(keyOf("c"), 1);
    expect(started).toEqual(["a"]);
  });

  it("leave no session waiting when work comes in while its last turn ends", async () => {
    const { lanes, started, running } = setUp();
    lanes.addTurns(keyOf("a"), 1);
    running.get("a")?.end();
    lanes.addTurns(keyOf("a"), 1);
    await settle();
    expect(started).toEqual(["a", "a"]);
  });

  it("never run two turns of a session at once, also when what waited was dropped before it got a place", async () => {
    const { lanes, started, running } = setUp(2);
    for (const name of ["x", "y", "a"]) lanes.addTurns(keyOf(name), 1);
    lanes.forget(keyOf("a"), 1);
    lanes.addCommands(keyOf("a"), 1);
    await settle();
    lanes.addTurns(keyOf("a"), 1);
    running.get("x")?.end();
    running.get("y")?.end();
    await settle();
    lanes.addTurns(keyOf("a"), 1);
    await settle();
    expect(started.filter((name) => name === "a")).toHaveLength(1);
    running.get("a")?.end();
    await settle();
    expect(started.filter((name) => name === "a")).toHaveLength(2);
    running.get("a")?.end();
    await lanes.idle();
    expect(lanes.busyCount).toBe(0);
  });

  it("begin no turn before the commands of its session are answered", async () => {
    const started: string[] = [];
    let answer = (): void => undefined;
    const lanes = new Lanes(
      {
        turn: async () => void started.push("turn"),
        command: () => new Promise<void>((resolve) => (answer = resolve)),
      },
      1,
      systemClock,
    );
    lanes.open();
    lanes.addCommands(keyOf("a"), 1);
    lanes.addTurns(keyOf("a"), 1);
    await settle();
    expect(started).toEqual([]);
    answer();
    await lanes.idle();
    expect(started).toEqual(["turn"]);
  });

  it("keep nobody waiting for idleness once they are closed", async () => {
    const { lanes } = setUp(1);
    lanes.addTurns(keyOf("a"), 2);
    const idle = lanes.idle();
    await lanes.close("shutdown");
    await idle;
    await lanes.idle();
    expect(lanes.busyCount).toBe(1);
  });
});
