import { definePlatform, PlatformError, text, type Failure, type Platform } from "@hermes/core";
import { createGateway, createMemoryStore, type GatewayOptions, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type ScriptedPlatform } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createHeldAgent, echo } from "./set-up.ts";

interface Marked {
  readonly scripted: ScriptedPlatform;
  readonly platform: Platform;
  /** Each call that was taken: `+👀 e1`. */
  readonly told: readonly string[];
  fail(failure: Failure): void;
}

/** The scripted platform, with reactions. */
function createMarkedPlatform(): Marked {
  const scripted = createScriptedPlatform({ style: "edit" });
  const told: string[] = [];
  const failures: Failure[] = [];
  const still = scripted.platform;
  const table = { ...still.capabilities, edit: { minIntervalMs: 500 }, reactions: { allowed: "any" } } as const;
  const platform = {
    ...still,
    capabilities: table,
    connect: async (...call: Parameters<Platform["connect"]>) => ({
      ...(await still.connect(...call)),
      react: async ({ messageId }: { readonly messageId: string }, emoji: string, present: boolean) => {
        const failure = failures.shift();
        if (failure !== undefined) throw new PlatformError({ platform: "scripted", failure, message: "Refused" });
        told.push(`${present ? "+" : "-"}${emoji} ${messageId}`);
      },
    }),
  };
  // Everything else is as the scripted platform declares it.
  return { scripted, platform: definePlatform(platform as never), told, fail: (failure) => void failures.push(failure) };
}

async function start(agent: GatewayOptions["agent"], statusMarks: readonly string[] = ["scripted"], store?: Store) {
  const clock = createFakeClock();
  const marked = createMarkedPlatform();
  const gateway = createGateway({
    platforms: [marked.platform],
    agent,
    access: { allowAll: true },
    clock,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    statusMarks,
    ...(store === undefined ? {} : { store }),
  });
  await gateway.start();
  return { ...marked, gateway, clock, [Symbol.asyncDispose]: () => gateway.stop() };
}

describe("A message that is being answered", () => {
  it("is marked as seen, then as done", async () => {
    await using house = await start(echo);
    await house.scripted.says("hello", { eventId: "e1" });
    await house.gateway.idle();
    await settle();
    expect(house.told).toEqual(["+👀 e1", "-👀 e1", "+✅ e1"]);
  });

  it("is marked as failed when the agent fails", async () => {
    await using house = await start(async function* () {
      yield text("so far");
      throw new Error("out of coffee");
    });
    await house.scripted.says("hello", { eventId: "e1" });
    await house.gateway.idle();
    await settle();
    expect(house.told).toEqual(["+👀 e1", "-👀 e1", "+❌ e1"]);
  });

  it("loses its mark when it is interrupted", async () => {
    const held = createHeldAgent();
    await using house = await start(held.agent);
    await house.scripted.says("first", { eventId: "e1" });
    await settle();
    await house.scripted.says("/stop", { eventId: "e2" });
    await house.clock.advance(1000);
    await settle();
    expect(house.told).toEqual(["+👀 e1", "-👀 e1"]);
  });

  it("is marked as done by the process that ends what another began", async () => {
    const store = createMemoryStore();
    const first = await start(createHeldAgent().agent, ["scripted"], store);
    await first.scripted.says("hello", { eventId: "e1" });
    await settle();
    await first.gateway.stop();
    await using second = await start(echo, ["scripted"], store);
    await second.gateway.idle();
    await settle();
    expect([...first.told, ...second.told]).toEqual(["+👀 e1", "+👀 e1", "-👀 e1", "+✅ e1"]);
  });

  it("loses its mark also where only sending was left for the next process", async () => {
    const store = createMemoryStore();
    const first = await start(echo, ["scripted"], store);
    first.scripted.fail({ on: "send", failure: { kind: "rate-limited", retryAfterMs: 300_000 } });
    await first.scripted.says("hello", { eventId: "e1" });
    await settle();
    const stopped = first.gateway.stop();
    await first.clock.advance(60_000);
    await stopped;
    await using second = await start(echo, ["scripted"], store);
    await second.clock.advance(120_000);
    await settle();
    expect([first.told, second.told]).toEqual([["+👀 e1"], ["-👀 e1", "+✅ e1"]]);
  });

  it("is marked on no platform that was not named, and a command is never", async () => {
    await using quiet = await start(echo, []);
    await quiet.scripted.says("hello", { eventId: "e1" });
    await quiet.gateway.idle();
    await using house = await start(echo);
    await house.scripted.says("/status", { eventId: "e1" });
    await house.gateway.idle();
    await settle();
    expect([...quiet.told, ...house.told]).toEqual([]);
  });

  it("is marked later where the platform asks for patience, and not at all where it refuses", async () => {
    await using house = await start(echo);
    house.fail({ kind: "forbidden" });
    house.fail({ kind: "rate-limited", retryAfterMs: 3000 });
    await house.scripted.says("hello", { eventId: "e1" });
    await house.gateway.idle();
    await settle();
    expect([house.told, house.scripted.texts()]).toEqual([[], ["echo: hello"]]);
    await house.clock.advance(3000);
    await settle();
    expect(house.told).toEqual(["-👀 e1", "+✅ e1"]);
  });
});
