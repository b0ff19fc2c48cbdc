import { createMemoryStore } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { startTwo, stopTwo, told, withConnections } from "./two-platforms.ts";

const minuteMs = 60_000;
/** Ten attempts with their back-off take less. */
const tenAttemptsMs = 9 * minuteMs;

describe("A platform that fails again and again", () => {
  it("is left alone after ten failures in a row, and whoever looks after the gateway is told once", async () => {
    const bench = await startTwo({ isDown: true });
    await bench.clock.advance(tenAttemptsMs);
    expect(bench.tries()).toBe(10);
    const { condition, breaker } = bench.status();
    expect(condition).toMatchObject({ state: "tripped", failures: 10, reason: expect.stringContaining("connect was scripted") });
    expect(breaker).toMatchObject({ phase: "open", failures: 10 });
    expect(told(bench)).toEqual([expect.stringMatching(/\*\*broken\*\* is off: 10 attempts in a row have failed[^]*in 5 min/u)]);
    expect(bench.log.filter((line) => line.includes("left alone"))).toHaveLength(1);
    await stopTwo(bench);
  });

  it("is tried once after five minutes, then after ten, twenty, forty and sixty, and told of no more", async () => {
    const bench = await startTwo({ isDown: true });
    await bench.clock.advance(tenAttemptsMs);
    const { condition } = bench.status();
    if (condition.state !== "tripped" || condition.probeAtMs === undefined) throw new Error("It is not left alone");
    await bench.clock.advance(condition.probeAtMs - bench.clock.now() - 1);
    expect(bench.tries()).toBe(10);
    await bench.clock.advance(1);
    expect(bench.tries()).toBe(11);
    for (const [minutes, tries] of [
      [10, 12],
      [20, 13],
      [40, 14],
      [60, 15],
      [60, 16],
    ] as const) {
      await bench.clock.advance(minutes * minuteMs - 1);
      expect(bench.tries()).toBe(tries - 1);
      await bench.clock.advance(1);
      expect(bench.tries()).toBe(tries);
    }
    expect(told(bench)).toHaveLength(1);
    await stopTwo(bench);
  });

  it("is back once a probe has lasted for a minute: that is told once, and what waited is answered", async () => {
    const bench = await startTwo({ isDown: true });
    await bench.clock.advance(tenAttemptsMs);
    await bench.gateway.fetch(new Request("http://localhost/webhooks/broken", { method: "POST", body: "hello" }));
    await settle();
    bench.broken.mend();
    await bench.gateway.resume("broken");
    await settle();
    expect(bench.status()).toMatchObject({ condition: { state: "up" }, breaker: { phase: "probing" } });
    await bench.clock.advance(minuteMs - 1);
    expect(bench.status().breaker?.phase).toBe("probing");
    expect(told(bench)).toHaveLength(1);
    await bench.clock.advance(1000);
    expect(bench.status().breaker).toBeUndefined();
    expect(bench.broken.texts()).toEqual(["echo: hello"]);
    expect(told(bench)[1]).toMatch(/^\*\*broken\*\* is back\. It was off for \d+ min\.$/u);
    await bench.clock.advance(60 * minuteMs);
    expect(told(bench)).toHaveLength(2);
    await stopTwo(bench);
  });

  it("that connects and breaks within a minute, every time, is left alone, too", async () => {
    const bench = await startTwo();
    for (let flap = 0; flap < 40 && bench.status().condition.state !== "tripped"; flap += 1) {
      await bench.clock.advance(50_000);
      if (bench.status().condition.state === "up") bench.broken.lose({ kind: "unavailable" });
      await settle();
    }
    expect(bench.status()).toMatchObject({ condition: { state: "tripped", failures: 10 } });
    // A probe that breaks as soon is none that lasted.
    await bench.clock.advance(5 * minuteMs);
    expect(bench.status()).toMatchObject({ condition: { state: "up" }, breaker: { phase: "probing" } });
    await bench.clock.advance(50_000);
    bench.broken.lose({ kind: "unavailable" });
    await settle();
    expect(bench.status()).toMatchObject({ condition: { state: "tripped", failures: 11 } });
    expect(told(bench)).toHaveLength(1);
    await stopTwo(bench);
  });

  it("is not left alone when each connection lasts, however often it breaks", async () => {
    const bench = await startTwo();
    for (let loss = 0; loss < 30; loss += 1) {
      await bench.clock.advance(2 * minuteMs);
      expect(bench.status().condition.state).toBe("up");
      bench.broken.lose({ kind: "unavailable" });
      await settle();
    }
    expect(bench.status().breaker).toBeUndefined();
    await stopTwo(bench);
  });

  it("is not left alone for being asked to wait, nor for somebody else's claim", async () => {
    const limited = await startTwo();
    limited.broken.fail(
      ...Array.from({ length: 50 }, () => ({ on: "connect", failure: { kind: "rate-limited", retryAfterMs: 1000 } }) as const),
    );
    limited.broken.lose({ kind: "rate-limited", retryAfterMs: 1000 });
    await limited.clock.advance(60 * minuteMs);
    expect(limited.tries()).toBeGreaterThan(10);
    expect(limited.status().breaker).toBeUndefined();
    await stopTwo(limited);
    const locks = { acquire: async () => ({ heldBy: "somebody" }) };
    const claims = [{ scope: "bot", fingerprint: "1" }];
    const blocked = await startTwo({ locks, broken: createScriptedPlatform({ style: "edit", id: "broken", claims }) });
    await blocked.clock.advance(60 * minuteMs);
    expect(blocked.status()).toMatchObject({ condition: { state: "blocked" } });
    expect(blocked.status().breaker).toBeUndefined();
    await stopTwo(blocked);
  });

  it("is left alone for another listener that does not go, which it names", async () => {
    const bench = await startTwo({ supervision: { failures: 3 } });
    for (let conflict = 0; conflict < 3; conflict += 1) {
      bench.broken.lose({ kind: "conflict" });
      await settle();
      if (conflict < 2) {
        expect(bench.status().condition).toMatchObject({
          state: "waiting",
          reason: expect.stringContaining("Another program listens"),
        });
        await bench.clock.advance(2 * minuteMs + 10_000);
      }
    }
    expect(bench.status().condition).toMatchObject({ state: "tripped", failures: 3 });
    await settle();
    expect(told(bench).join()).toContain("Another program listens with the same credentials");
    await stopTwo(bench);
  });

  it("stays off until somebody resumes it, where that is configured", async () => {
    const bench = await startTwo({ isDown: true, supervision: { failures: 3, resume: "manual" } });
    await bench.clock.advance(24 * 60 * minuteMs);
    expect(bench.tries()).toBe(3);
    expect(bench.status().condition).toEqual({ state: "tripped", failures: 3, reason: expect.any(String) as unknown });
    expect(told(bench)).toEqual([expect.stringContaining("/platform resume broken")]);
    await bench.gateway.resume("broken");
    await settle();
    expect(bench.tries()).toBe(4);
    expect(bench.status().condition.state).toBe("tripped");
    bench.broken.mend();
    await bench.gateway.resume("broken");
    await bench.clock.advance(minuteMs + 1000);
    expect(bench.status().condition.state).toBe("up");
    expect(told(bench)).toHaveLength(2);
    await stopTwo(bench);
  });

  it("is tried as a fresh one after a restart", async () => {
    const [store, clock] = [createMemoryStore(), createFakeClock()];
    const first = await startTwo({ store, clock, isDown: true });
    await clock.advance(tenAttemptsMs);
    expect(first.status().condition.state).toBe("tripped");
    await stopTwo(first);
    const second = await startTwo({ store, clock, isHomeless: true });
    expect(second.status().condition.state).toBe("up");
    await stopTwo(second);
  });

  it("hears of a pause and of a stop while it is left alone, and leaves no alarm behind", async () => {
    const bench = await startTwo({ isDown: true });
    await bench.clock.advance(tenAttemptsMs);
    expect(await bench.gateway.pause("broken")).toBe(true);
    await settle();
    expect(bench.status().condition.state).toBe("paused");
    await bench.clock.advance(60 * minuteMs);
    expect(bench.tries()).toBe(10);
    await bench.gateway.resume("broken");
    await settle();
    expect(bench.tries()).toBe(11);
    expect(bench.status().condition.state).toBe("tripped");
    await stopTwo(bench);
    expect(bench.clock.pending).toBe(0);
  });
});

describe("Where nobody can be told", () => {
  it("the word that a platform is off waits until somebody chose where to be told", async () => {
    const bench = await startTwo({ isDown: true, isHomeless: true });
    await bench.clock.advance(tenAttemptsMs);
    expect(bench.home.texts("operators")).toEqual([]);
    expect(bench.log.join("\n")).toMatch(/error: \[broken\][^\n]*left alone for 5 min/u);
    await bench.home.says("/sethome", { chatId: "operators", userId: "7" });
    await bench.clock.advance(minuteMs);
    expect(told(bench)).toEqual([expect.stringContaining("is off")]);
    await stopTwo(bench);
  });

  it("the word that it is back takes its place, and may be told where it happened", async () => {
    const bench = await startTwo({ isHomeless: true });
    await bench.broken.says("/sethome", { chatId: "operators", userId: "7" });
    await bench.clock.advance(1000);
    bench.down();
    bench.broken.lose({ kind: "unavailable" });
    await bench.clock.advance(tenAttemptsMs);
    expect(bench.status().condition.state).toBe("tripped");
    bench.broken.mend();
    await bench.clock.advance(60 * minuteMs);
    expect(bench.broken.texts("operators").slice(1)).toEqual([expect.stringContaining("is back")]);
    await stopTwo(bench);
  });
});

describe("A platform that refuses the bot", () => {
  it("stops, and whoever looks after the gateway is told on another one, once; what is to be said there waits", async () => {
    const bench = await startTwo();
    bench.broken.lose({ kind: "unauthorized" });
    await settle();
    await bench.gateway.fetch(new Request("http://localhost/webhooks/broken", { method: "POST", body: "hello" }));
    await bench.clock.advance(60 * minuteMs);
    expect(bench.status().condition).toEqual({ state: "failed", reason: "Refused: the connection broke" });
    expect(told(bench)).toEqual([
      expect.stringMatching(/\*\*broken\*\* has stopped[^]*the connection broke[^]*\/platform resume broken/u),
    ]);
    expect(bench.broken.texts()).toEqual([]);
    await bench.gateway.resume("broken");
    await bench.clock.advance(minuteMs + 1000);
    expect(bench.broken.texts()).toEqual(["echo: hello"]);
    expect(told(bench)[1]).toContain("is back");
    await stopTwo(bench);
  });
});

describe("A platform that refuses the bot from the start", () => {
  it("is told of as soon as another one lives, where that comes up later", async () => {
    const [store, clock] = [createMemoryStore(), createFakeClock()];
    await stopTwo(await startTwo({ store, clock }));
    const home = createScriptedPlatform({ style: "edit", id: "home" });
    home.fail(...Array.from({ length: 3 }, () => ({ on: "connect", failure: { kind: "unavailable" } }) as const));
    const broken = createScriptedPlatform({ style: "edit", id: "broken" });
    broken.fail({ on: "connect", failure: { kind: "unauthorized" } });
    const bench = await startTwo({ store, clock, home, broken, isHomeless: true });
    await clock.advance(6000);
    expect(home.texts("operators")).toEqual([]);
    await clock.advance(2000);
    expect(home.texts("operators").filter((text) => text.includes("broken"))).toEqual([
      expect.stringContaining("**broken** has stopped"),
    ]);
    await stopTwo(bench);
  });
});

describe("An adapter that does not come back", () => {
  it("when it connects, is given up after the time it has, which may be its own", async () => {
    const hang = { connectTimeoutMs: { broken: 5000 } };
    const bench = await startTwo({
      supervision: hang,
      change: (platform) => ({ ...platform, connect: () => new Promise<never>(() => undefined) }),
    });
    await bench.clock.advance(3999);
    expect(bench.status().condition).toEqual({ state: "connecting", attempt: 1 });
    await bench.clock.advance(1);
    expect(bench.status().condition).toMatchObject({ state: "waiting", reason: "Cannot connect: no answer within 5 s" });
    await stopTwo(bench);
    expect(bench.clock.pending).toBe(0);
  });

  it("that throws instead of answering is tried again like any other", async () => {
    const bench = await startTwo({
      change: (platform) => ({
        ...platform,
        connect: () => {
          throw new TypeError("a fault");
        },
      }),
    });
    expect(bench.status().condition).toMatchObject({ state: "waiting", reason: expect.stringContaining("threw TypeError") });
    await stopTwo(bench);
    expect(bench.clock.pending).toBe(0);
  });

  it("when it is to hang up or to end listening, is left to itself after ten seconds, and keeps nobody else", async () => {
    const never = new Promise<never>(() => undefined);
    const bench = await startTwo({
      change: withConnections((connection) => ({ ...connection, listen: () => never, disconnect: () => never })),
    });
    await bench.gateway.pause("broken");
    await bench.clock.advance(20_000);
    expect(bench.status().condition).toEqual({ state: "paused" });
    expect(bench.log.filter((line) => line.includes("left to itself"))).toHaveLength(2);
    await bench.gateway.resume("broken");
    await settle();
    expect(bench.status().condition.state).toBe("up");
    expect(bench.tries()).toBe(2);
    await stopTwo(bench);
    expect(bench.clock.pending).toBe(0);
  });

  it("keeps its claim as long as it still listens", async () => {
    const log: string[] = [];
    let end = (): void => undefined;
    const locks = {
      acquire: async () => {
        log.push("acquired");
        return { fence: 1n, lost: new AbortController().signal, release: async () => void log.push("released") };
      },
    };
    const bench = await startTwo({
      locks,
      broken: createScriptedPlatform({ style: "edit", id: "broken", claims: [{ scope: "bot", fingerprint: "1" }] }),
      change: withConnections((connection) => ({
        ...connection,
        listen: () =>
          new Promise((resolve) => {
            end = () => {
              log.push("ended");
              resolve({ reason: "requested" });
            };
          }),
      })),
    });
    await bench.gateway.pause("broken");
    await bench.clock.advance(60_000);
    expect([bench.status().condition.state, log]).toEqual(["paused", ["acquired"]]);
    end();
    await settle();
    expect(log).toEqual(["acquired", "ended", "released"]);
    await stopTwo(bench);
  });
});
