import type { PlatformHost } from "@hermes/core";
import { createMemoryStore, StoreError } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { startTwo, stopTwo, withConnections } from "./two-platforms.ts";

const minuteMs = 60_000;

/** A gateway whose broken platform can be made to say how its transport is, and has promised what `more` says. */
async function open(more: { readonly reportsEveryMs?: number } = {}) {
  let host: PlatformHost | undefined;
  const bench = await startTwo({
    change: (platform) => ({
      ...withConnections((connection) => ({ ...connection, ...more }))(platform),
      connect: async (given, signal) => {
        host = given;
        return { ...(await platform.connect(given, signal)), ...more };
      },
    }),
  });
  return { ...bench, report: (...said: Parameters<PlatformHost["report"]>) => host?.report(...said) };
}

describe("A connection that says it is up", () => {
  it("and whose calls get no answer is replaced, which counts as a failure and can be seen", async () => {
    const bench = await open();
    await bench.clock.advance(2 * minuteMs);
    bench.broken.fail(...Array.from({ length: 9 }, () => ({ on: "send", failure: { kind: "unavailable" } }) as const));
    await bench.broken.says("hello");
    await bench.clock.advance(20_000);
    expect(bench.status()).toMatchObject({ condition: { state: "up" }, doubt: expect.stringContaining("got no answer") });
    // Something came in at the beginning of that row: what came in during it would be proof of life.
    await bench.clock.advance(5 * minuteMs);
    const { replaced, doubt } = bench.status();
    expect(replaced).toMatchObject({ count: 1, why: expect.stringMatching(/^\d calls in a row got no answer$/u) });
    expect(doubt).toBeUndefined();
    expect(bench.tries()).toBe(2);
    expect(bench.log.join("\n")).toContain("The connection was no longer alive");
    await bench.clock.advance(10 * minuteMs);
    await bench.gateway.idle();
    expect(bench.broken.texts().at(-1)).toContain("echo: hello");
    await stopTwo(bench);
  });

  it("is not blamed for calls that were not made since the store refused to note them", async () => {
    const store = createMemoryStore();
    const settle = store.settleParts.bind(store);
    let refuses = false;
    store.settleParts = async (settlement) => {
      if (refuses) throw new StoreError("full", "The disk is full");
      await settle(settlement);
    };
    const bench = await startTwo({ store });
    await bench.clock.advance(2 * minuteMs);
    refuses = true;
    await bench.broken.says("hello");
    await bench.clock.advance(5 * minuteMs);
    expect([bench.broken.texts(), bench.status().doubt, bench.tries()]).toEqual([[], undefined, 1]);
    refuses = false;
    await bench.clock.advance(5 * minuteMs);
    expect(bench.broken.texts()).toEqual(["echo: hello"]);
    await stopTwo(bench);
  });

  it("is left in peace on a quiet weekend", async () => {
    const bench = await open();
    for (let hour = 0; hour < 48; hour += 1) await bench.clock.advance(60 * minuteMs);
    expect([bench.status().condition.state, bench.tries()]).toEqual(["up", 1]);
    await stopTwo(bench);
  });

  it("and breaks its promise to report is replaced; a door of the gateway itself never is", async () => {
    const bench = await open({ reportsEveryMs: minuteMs });
    for (let minute = 0; minute < 10; minute += 1) {
      bench.report("up");
      await bench.clock.advance(minuteMs);
    }
    expect([bench.status().condition.state, bench.tries()]).toEqual(["up", 1]);
    await bench.clock.advance(2 * minuteMs);
    expect(bench.status().doubt).toContain("has reported nothing for");
    await bench.clock.advance(2 * minuteMs);
    expect([bench.status().replaced?.count, bench.tries()]).toEqual([1, 2]);
    await stopTwo(bench);
    const door = await startTwo({
      broken: createScriptedPlatform({ style: "own", id: "broken" }),
      change: withConnections((connection) => ({ ...connection, reportsEveryMs: 1000 })),
    });
    await door.clock.advance(60 * minuteMs);
    expect([door.status().isDoor, door.status().doubt, door.tries()]).toEqual([true, undefined, 1]);
    await stopTwo(door);
  });

  it("is not taken for one that lasted before it has reported, where it promised to", async () => {
    const bench = await open({ reportsEveryMs: minuteMs });
    await bench.clock.advance(2 * minuteMs);
    bench.broken.lose({ kind: "unavailable" });
    await settle();
    expect(bench.status().breaker).toEqual({ phase: "closed", failures: 1 });
    await bench.clock.advance(1000);
    bench.report("up");
    await bench.clock.advance(2 * minuteMs);
    bench.broken.lose({ kind: "unavailable" });
    await settle();
    expect(bench.status().breaker).toBeUndefined();
    await stopTwo(bench);
  });
});

describe("A connection that says it resumes", () => {
  it("and then no word more is replaced after ten minutes", async () => {
    const bench = await open();
    await bench.clock.advance(2 * minuteMs);
    bench.report("resuming", "the socket was closed");
    expect(bench.status().condition).toEqual({ state: "up", transport: "resuming", detail: "the socket was closed" });
    await bench.clock.advance(9 * minuteMs);
    expect(bench.status().doubt).toContain("it is resuming, and has said nothing for 9 min");
    expect(bench.tries()).toBe(1);
    await bench.clock.advance(2 * minuteMs);
    expect(bench.tries()).toBe(2);
    await stopTwo(bench);
  });

  it("and does is not", async () => {
    const bench = await open();
    bench.report("resuming");
    await bench.clock.advance(9 * minuteMs);
    bench.report("up");
    await bench.clock.advance(60 * minuteMs);
    expect([bench.status().condition, bench.tries()]).toEqual([{ state: "up", transport: "up" }, 1]);
    await stopTwo(bench);
  });

  it("on a machine that slept is given the time again", async () => {
    const bench = await open();
    bench.report("resuming");
    await bench.clock.advance(minuteMs);
    await bench.clock.sleep(60 * minuteMs);
    await bench.clock.advance(9 * minuteMs);
    expect(bench.tries()).toBe(1);
    await bench.clock.advance(2 * minuteMs);
    expect(bench.tries()).toBe(2);
    await stopTwo(bench);
  });
});

describe("Connections that die one after the other", () => {
  it("are failures in a row, though each of them seemed to last: in the end the platform is left alone", async () => {
    const bench = await open();
    for (let life = 0; life < 100 && bench.status().condition.state !== "tripped"; life += 1) {
      if (bench.status().condition.state === "up") bench.report("resuming");
      await bench.clock.advance(2 * minuteMs);
    }
    expect(bench.status()).toMatchObject({ condition: { state: "tripped", failures: 10 }, replaced: { count: 10 } });
    await stopTwo(bench);
  });

  it("are forgotten once something comes by a fresh one", async () => {
    const bench = await open();
    await bench.clock.advance(2 * minuteMs);
    bench.report("resuming");
    await bench.clock.advance(11 * minuteMs);
    expect(bench.tries()).toBe(2);
    await bench.clock.advance(60 * minuteMs);
    expect(bench.status().breaker).toEqual({ phase: "closed", failures: 1 });
    await bench.broken.says("hello");
    await bench.clock.advance(minuteMs);
    expect(bench.status().breaker).toBeUndefined();
    await stopTwo(bench);
  });
});
