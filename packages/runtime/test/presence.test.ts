import { createMemoryStore } from "@hermes/runtime";
import { createFakeClock, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { Presence } from "../src/supervision/presence.ts";
import { startTwo, stopTwo } from "./two-platforms.ts";

const minuteMs = 60_000;
const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

async function open(store = createMemoryStore(), clock = createFakeClock()) {
  let writes = 0;
  await store.open();
  const counted = {
    readMemory: store.readMemory.bind(store),
    writeMemory: async (...entry: Parameters<typeof store.writeMemory>) => {
      writes += 1;
      await store.writeMemory(...entry);
    },
  };
  const presence = new Presence({ store: counted, clock, logger: silent });
  await presence.open();
  return { presence, store, clock, writes: () => writes };
}

describe("Presence", () => {
  it("knows nothing of a platform that was never there", async () => {
    const { presence } = await open();
    expect([presence.lastSeenMs("a"), presence.connectedSinceMs("a")]).toEqual([undefined, undefined]);
  });

  it("tells when a platform was last there before the connection that it has", async () => {
    const { presence, clock } = await open();
    const startMs = clock.now();
    presence.connected("a");
    await clock.advance(10 * minuteMs);
    presence.proven("a", clock.now());
    expect(presence.lastSeenMs("a")).toBeUndefined();
    presence.ended("a");
    await clock.advance(60 * minuteMs);
    expect(presence.lastSeenMs("a")).toBe(startMs + 10 * minuteMs);
    presence.connected("a");
    await clock.advance(minuteMs);
    presence.proven("a", clock.now());
    expect(presence.lastSeenMs("a")).toBe(startMs + 10 * minuteMs);
    expect(presence.connectedSinceMs("a")).toBe(startMs + 70 * minuteMs);
  });

  it("takes a connection that proved nothing for none", async () => {
    const { presence, clock } = await open();
    presence.connected("a");
    presence.proven("a", clock.now());
    const seenMs = clock.now();
    presence.ended("a");
    for (let flap = 0; flap < 5; flap += 1) {
      await clock.advance(10 * minuteMs);
      presence.connected("a");
      expect(presence.lastSeenMs("a")).toBe(seenMs);
      presence.ended("a");
    }
  });

  it("is remembered after a stop, and written no more often than every half a minute", async () => {
    const first = await open();
    first.presence.connected("a");
    first.presence.connected("b");
    for (let second = 0; second < 100; second += 1) {
      first.presence.proven("a", first.clock.now());
      first.presence.proven("b", first.clock.now());
      await first.clock.advance(1000);
    }
    expect(first.writes()).toBe(4);
    await first.presence.close();
    await first.presence.close();
    expect(first.writes()).toBe(5);
    const second = await open(first.store, first.clock);
    expect(second.presence.lastSeenMs("b")).toBe(first.clock.now() - 1000);
  });

  it("begins anew where what was remembered is none", async () => {
    const store = createMemoryStore();
    await store.open();
    for (const value of [null, "x", [1], { a: 1, b: { sinceMs: "x", seenMs: 2 }, c: null }]) {
      await store.writeMemory({ platform: "$gateway", key: "presence", value });
      const { presence } = await open(store);
      expect(["0", "a", "b", "c"].map((platform) => presence.lastSeenMs(platform))).toEqual([
        undefined,
        undefined,
        undefined,
        undefined,
      ]);
    }
  });

  it("is kept by a gateway that runs, and by one that stops", async () => {
    const [store, clock] = [createMemoryStore(), createFakeClock()];
    const bench = await startTwo({ store, clock });
    await clock.advance(10 * minuteMs);
    bench.down();
    bench.broken.lose({ kind: "unavailable" });
    const lostMs = clock.now();
    await settle();
    await clock.advance(60 * minuteMs);
    await stopTwo(bench);
    const { presence } = await open(store, clock);
    expect(presence.lastSeenMs("broken")).toBe(lostMs);
    expect(clock.now() - (presence.lastSeenMs("home") ?? 0)).toBeLessThanOrEqual(10_000);
  });
});
