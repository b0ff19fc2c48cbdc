import { describe, expect, it } from "vitest";
import { createGateway, createMemoryStore, createProcessLocks, type GatewayOptions, type PlatformState } from "@hermes/runtime";
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
