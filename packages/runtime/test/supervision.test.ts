import { describe, expect, it } from "vitest";
import type { Platform } from "@hermes/core";
import {
  createGateway,
  createMemoryStore,
  createProcessLocks,
  type GatewayOptions,
  type Locks,
  type PlatformState,
} from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { echo, startGateway } from "./set-up.ts";

type Bench = Awaited<ReturnType<typeof startGateway>>;

function conditionOf({ gateway }: Bench): PlatformState | undefined {
  return gateway.status().platforms[0]?.condition;
}

describe("A platform that cannot be reached", () => {
  it("is tried again, each time later, until it comes", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    chat.fail(...Array.from({ length: 3 }, () => ({ on: "connect", failure: { kind: "unavailable" } }) as const));
    const bench = await startGateway({ chat });
    const attempts = (): number => chat.calls.filter((call) => call.name === "connect").length;
    expect(conditionOf(bench)).toMatchObject({ state: "waiting" });
    await bench.clock.advance(999);
    expect(attempts()).toBe(1);
    await bench.clock.advance(1);
    expect(attempts()).toBe(2);
    await bench.clock.advance(2000);
    expect(attempts()).toBe(3);
    await bench.clock.advance(4000);
    expect(conditionOf(bench)).toEqual({ state: "up", transport: "up" });
    await bench.gateway.stop();
  });

  it("keeps nobody waiting but its own people", async () => {
    const broken = createScriptedPlatform({ style: "edit", id: "broken" });
    broken.fail(...Array.from({ length: 100 }, () => ({ on: "connect", failure: { kind: "unavailable" } }) as const));
    const working = createScriptedPlatform({ style: "edit", id: "working" });
    const gateway = createGateway({
      platforms: [broken.platform, working.platform],
      agent: echo,
      access: { allowAll: true },
      logger: silent,
    });
    await gateway.start();
    await settle();
    await working.says("hello");
    await gateway.idle();
    expect(working.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("keeps nobody waiting but its own people, however many of them wait", async () => {
    const clock = createFakeClock();
    const broken = createScriptedPlatform({ style: "edit", id: "broken" });
    const working = createScriptedPlatform({ style: "edit", id: "working" });
    const options: GatewayOptions = {
      platforms: [broken.platform, working.platform],
      agent: echo,
      access: { allowAll: true },
      store: createMemoryStore(),
      limits: { maxBusySessions: 2 },
      logger: silent,
      clock,
    };
    const first = createGateway(options);
    await first.start();
    await settle();
    broken.fail(...Array.from({ length: 9 }, () => ({ on: "send", failure: { kind: "rate-limited" } }) as const));
    for (const chatId of ["c1", "c2"]) await broken.says("hello", { chatId });
    await expect(broken.says("hello", { chatId: "c3" })).rejects.toThrow("too many conversations wait on broken (2)");
    expect(first.status().pressure).toContain("broken");
    await working.says("hello");
    await settle();
    expect(working.texts()).toEqual(["echo: hello"]);
    const stopped = first.stop();
    await clock.advance(10_000);
    await stopped;
    const second = createGateway(options);
    await second.start();
    await clock.advance(120_000);
    await second.idle();
    expect([broken.texts("c1"), broken.texts("c2")]).toEqual([["echo: hello"], ["echo: hello"]]);
    await second.stop();
  });

  it("takes webhooks meanwhile, and answers them when it is back", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    chat.fail({ on: "connect", failure: { kind: "unavailable" } });
    const { gateway, clock } = await startGateway({ chat });
    const response = await gateway.fetch(new Request("http://localhost/webhooks/scripted", { method: "POST", body: "hello" }));
    expect(response.status).toBe(200);
    await settle();
    expect(chat.texts()).toEqual([]);
    await clock.advance(2000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });
});

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe("A platform whose connection breaks", () => {
  it("is connected anew", async () => {
    const bench = await startGateway();
    bench.chat.lose({ kind: "unavailable" });
    await settle();
    expect(conditionOf(bench)).toMatchObject({ state: "waiting" });
    await bench.clock.advance(2000);
    await bench.chat.says("hello");
    await bench.gateway.idle();
    expect(bench.chat.texts()).toEqual(["echo: hello"]);
    await bench.gateway.stop();
  });

  it("waits two minutes for another listener to be gone", async () => {
    const bench = await startGateway();
    bench.chat.lose({ kind: "conflict" });
    await bench.clock.advance(119_000);
    expect(conditionOf(bench)).toMatchObject({ state: "waiting" });
    await bench.clock.advance(5000);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.gateway.stop();
  });

  it("stays off when its credentials are wrong, and says so", async () => {
    const bench = await startGateway();
    bench.chat.lose({ kind: "unauthorized" });
    await bench.clock.advance(24 * 60 * 60_000);
    expect(conditionOf(bench)).toMatchObject({ state: "failed" });
    expect(bench.chat.calls.filter((call) => call.name === "connect")).toHaveLength(1);
    expect(bench.log.join("\n")).toMatch(/stays off until the configuration is mended/u);
    await bench.gateway.stop();
  });
});

describe("Two gateways with one bot", () => {
  it("never listen at once: the second waits, and is told who is first", async () => {
    const locks = createProcessLocks();
    const claims = [{ scope: "scripted-bot", fingerprint: "42" }];
    const first = await startGateway({ locks, scripted: { claims } });
    const second = await startGateway({ locks, scripted: { claims } });
    expect(conditionOf(second)).toMatchObject({ state: "blocked", heldBy: expect.stringContaining("process") });
    expect(second.chat.calls).toEqual([]);
    await first.gateway.stop();
    await second.clock.advance(30_000);
    expect(conditionOf(second)).toMatchObject({ state: "up" });
    await second.gateway.stop();
  });
});

describe("A gateway's own door", () => {
  it("answers 404 where no platform listens, and 503 when it is not running", async () => {
    const { gateway } = await startGateway();
    const status = async (path: string): Promise<number> =>
      (await gateway.fetch(new Request(`http://localhost${path}`, { method: "POST", body: "x" }))).status;
    for (const path of [
      "/",
      "/webhooks",
      "/webhooks/",
      "/webhooks/other",
      "/webhooks%2Fscripted",
      "/webhooks/scripted/more",
      "/webhooks/scripted%2F..",
      "/scripted",
    ]) {
      expect(await status(path), path).toBe(404);
    }
    for (const path of ["/webhooks/scripted", "/webhooks/scripted/", "/api/webhooks/scripted?x=1"])
      expect(await status(path), path).toBe(200);
    await gateway.idle();
    await gateway.stop();
    expect(await status("/webhooks/scripted")).toBe(503);
  });
});

describe("A gateway that cannot be meant", () => {
  it.each([
    ["maxTurns", 0],
    ["maxTurns", 1.5],
    ["maxQueuedPerSession", -1],
    ["callTimeoutMs", Number.NaN],
  ] as const)("is refused with a limit %s of %s", (name, value) => {
    const { platform } = createScriptedPlatform({ style: "edit" });
    expect(() => createGateway({ platforms: [platform], agent: echo, limits: { [name]: value } })).toThrow(
      `limits.${name}: expected a whole number`,
    );
  });

  const named = (id: string) => createScriptedPlatform({ style: "edit", id }).platform;
  it.each([
    ["two platforms of one name", [named("a"), named("a")], /Two platforms are called `a`/u],
    ["a reserved name", [named("cron")], /cannot be called `cron`/u],
    ["a name that is none", [named("A b")], /small letters/u],
    ["another contract", [{ ...named("a"), apiVersion: 2 as unknown as 1 }], /version 2 of the contract/u],
  ] as const)("is refused: %s", (_what, platforms, message) => {
    expect(() => createGateway({ platforms, agent: echo })).toThrow(message);
  });
});

describe("A lock on a bot", () => {
  const claims = [{ scope: "scripted-bot", fingerprint: "7" }];

  it("that is lost ends listening, and is asked for again", async () => {
    let lost = new AbortController();
    let acquired = 0;
    const locks = {
      acquire: async () => {
        acquired += 1;
        lost = new AbortController();
        return { fence: BigInt(acquired), lost: lost.signal, release: async () => undefined };
      },
    };
    const bench = await startGateway({ locks, scripted: { claims } });
    lost.abort();
    await settle();
    expect(acquired).toBe(2);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.chat.says("hello");
    await bench.gateway.idle();
    expect(bench.chat.texts()).toEqual(["echo: hello"]);
    await bench.gateway.stop();
  });

  it("is given back, and asked for again, only once the old listener has ended for certain", async () => {
    const chat = createScriptedPlatform({ style: "edit", claims });
    const log: string[] = [];
    let lose = (): void => undefined;
    let end = (): void => undefined;
    const locks: Locks = {
      acquire: async () => {
        log.push("acquired");
        const lost = new AbortController();
        lose = () => lost.abort();
        return { fence: 1n, lost: lost.signal, release: async () => void log.push("released") };
      },
    };
    const connect: Platform["connect"] = async (host, signal) => ({
      ...(await chat.platform.connect(host, signal)),
      listen: () => {
        log.push("listening");
        return new Promise((resolve) => {
          end = () => {
            log.push("ended");
            resolve({ reason: "requested" });
          };
        });
      },
    });
    const { gateway, clock } = await startGateway({ locks, chat: { ...chat, platform: { ...chat.platform, connect } } });
    lose();
    await clock.advance(60_000);
    expect(log).toEqual(["acquired", "listening"]);
    end();
    await clock.advance(60_000);
    expect(log).toEqual(["acquired", "listening", "ended", "released", "acquired", "listening"]);
    const stopped = gateway.stop();
    end();
    await clock.advance(10_000);
    await stopped;
    expect(log.slice(6)).toEqual(["ended", "released"]);
  });

  it("that cannot be asked for is asked for again later", async () => {
    let asked = 0;
    const locks = {
      acquire: async () => {
        asked += 1;
        if (asked === 1) throw new Error("The lock's folder cannot be written");
        return { fence: 1n, lost: new AbortController().signal, release: async () => undefined };
      },
    };
    const bench = await startGateway({ locks, scripted: { claims } });
    expect(conditionOf(bench)).toMatchObject({ state: "waiting" });
    await bench.clock.advance(2000);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.gateway.stop();
  });

  it("is given back when the next one cannot be asked for", async () => {
    const held = new Set<string>();
    let failures = 1;
    const locks = {
      acquire: async (name: string) => {
        if (name === "scripted-bot-8" && failures > 0) {
          failures -= 1;
          throw new Error("The lock's folder cannot be written");
        }
        if (held.has(name)) return { heldBy: "somebody" };
        held.add(name);
        return { fence: 1n, lost: new AbortController().signal, release: async () => void held.delete(name) };
      },
    };
    const two = [...claims, { scope: "scripted-bot", fingerprint: "8" }];
    const bench = await startGateway({ locks, scripted: { claims: two } });
    expect(held.size).toBe(0);
    await bench.clock.advance(2000);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.gateway.stop();
    expect(held.size).toBe(0);
  });
});

describe("An adapter that keeps no promise", () => {
  it("and ends listening by itself is not asked again without a pause", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    const connect: typeof chat.platform.connect = async (host, signal) => ({
      ...(await chat.platform.connect(host, signal)),
      listen: async () => ({ reason: "requested" }),
    });
    const bench = await startGateway({ chat: { ...chat, platform: { ...chat.platform, connect } } });
    expect(conditionOf(bench)).toMatchObject({ state: "waiting" });
    expect(chat.calls.filter((call) => call.name === "connect")).toHaveLength(1);
    await bench.gateway.stop();
  });

  it("and never comes back from connecting is tried again", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    let attempts = 0;
    const connect: typeof chat.platform.connect = async (host, signal) => {
      attempts += 1;
      return attempts === 1 ? await new Promise<never>(() => undefined) : await chat.platform.connect(host, signal);
    };
    const bench = await startGateway({ chat: { ...chat, platform: { ...chat.platform, connect } } });
    await bench.clock.advance(40_000);
    expect(conditionOf(bench)).toMatchObject({ state: "up" });
    await bench.gateway.stop();
  });
});
