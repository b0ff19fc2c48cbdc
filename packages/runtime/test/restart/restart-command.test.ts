import { describe, expect, it } from "vitest";
import { createMemoryStore, type Gateway, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle, type FakeClock, type ScriptedPlatform } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway, type BenchOptions } from "../set-up.ts";

const access = { allow: ["scripted:7", "scripted:8"], admins: ["scripted:7"] };
const restarting = "I am restarting. What runs may end first, for a while; I tell you here when I am back.";

interface Served {
  readonly gateway: Gateway;
  readonly clock: FakeClock;
  /** How often the process was asked to make place for another. */
  readonly performed: () => number;
}

interface World {
  readonly chat: ScriptedPlatform;
  /** Starts a process. */
  readonly serve: (more?: BenchOptions) => Promise<Served>;
}

/** Processes that follow one another on one store. */
function createWorld(store: Store = createMemoryStore()): World {
  const chat = createScriptedPlatform({ style: "edit" });
  const clock = createFakeClock();
  return {
    chat,
    async serve(more = {}) {
      let performed = 0;
      const restart = { perform: () => void (performed += 1), isCertain: true };
      const { gateway } = await startGateway({ chat, store, clock, access, restart, ...more });
      return { gateway, clock, performed: () => performed };
    },
  };
}

async function end({ gateway, clock }: Served): Promise<void> {
  const stopped = gateway.stop({ mode: "drain", purpose: "restart" });
  await clock.advance(5000);
  await stopped;
}

/** What was said of a restart when another process took over. */
const backs = (chat: ScriptedPlatform): readonly string[] => chat.texts().filter((text) => text.startsWith("I am back"));

/** A /restart at this moment. */
function restartAt(chat: ScriptedPlatform, clock: FakeClock, eventId: string) {
  return { ...chat.message("/restart", { eventId }), at: new Date(clock.now()).toISOString() };
}

/** A process that is asked for a restart, and has ended for it. */
async function serveUntilRestart({ chat, serve }: Pick<ReturnType<typeof createWorld>, "chat" | "serve">) {
  const first = await serve();
  await chat.says("/restart");
  await first.clock.advance(2000);
  await end(first);
  return first;
}

describe("/restart", () => {
  it("is answered, asks for another process once, and is told of when that is there", async () => {
    const { chat, serve } = createWorld();
    const first = await serve();
    await chat.says("/restart");
    await first.clock.advance(2000);
    expect([first.performed(), chat.texts()]).toEqual([1, [restarting]]);
    await end(first);
    await first.clock.advance(3000);
    const second = await serve();
    await second.clock.advance(5000);
    expect(chat.texts()).toEqual([restarting, "I am back (after 10 s)."]);
    await end(second);
    const third = await serve();
    await third.clock.advance(5000);
    expect(backs(chat)).toHaveLength(1);
    await end(third);
  });

  it("may be given while a turn runs", async () => {
    const { chat, serve } = createWorld();
    const held = createHeldAgent();
    const first = await serve({ agent: held.agent });
    await chat.says("hello");
    await settle();
    await chat.says("/restart");
    await first.clock.advance(2000);
    expect([first.performed(), chat.texts()]).toEqual([1, [restarting]]);
    held.turns[0]?.end();
    await end(first);
  });

  it("is for those who look after the gateway", async () => {
    const { chat, serve } = createWorld();
    const first = await serve();
    await chat.says("/restart", { userId: "8" });
    await first.clock.advance(2000);
    expect([first.performed(), chat.texts()]).toEqual([0, ["/restart is for those who look after this gateway."]]);
    await end(first);
  });

  it("says so where nobody would start the gateway again, and it goes on", async () => {
    const { chat, serve } = createWorld();
    const first = await serve({ restart: {} });
    await chat.says("/restart");
    await chat.says("hello");
    await first.clock.advance(2000);
    expect(chat.texts()).toEqual(["Nobody would start me again, so I go on. Whoever runs me has to restart me.", "echo: hello"]);
    expect(await first.gateway.restart()).toBe("nobody");
    await end(first);
  });

  it("does not promise what it cannot know", async () => {
    const { chat, serve } = createWorld();
    const first = await serve({ restart: { perform: () => undefined } });
    await chat.says("/restart");
    await first.clock.advance(2000);
    expect(chat.texts()).toEqual([expect.stringContaining("somebody has to start me by hand")]);
    await end(first);
  });

  it("a second time is under way already", async () => {
    const { chat, serve } = createWorld();
    const first = await serve();
    await chat.says("/restart");
    await chat.says("/restart", { chatId: "c2" });
    await first.clock.advance(2000);
    expect([first.performed(), chat.texts("c2")]).toEqual([1, ["I am restarting already."]]);
    expect(await first.gateway.restart()).toBe("under-way");
    await end(first);
  });

  it("is told of although the next process needs two attempts to connect", async () => {
    const { chat, serve } = createWorld();
    await serveUntilRestart({ chat, serve });
    chat.fail({ on: "connect", failure: { kind: "unavailable" } });
    const second = await serve();
    expect(backs(chat)).toEqual([]);
    await second.clock.advance(60_000);
    expect(backs(chat)).toHaveLength(1);
    await end(second);
  });

  it("is told of by the process after the next, where that one could not reach anybody", async () => {
    const { chat, serve } = createWorld();
    await serveUntilRestart({ chat, serve });
    chat.fail({ on: "connect", failure: { kind: "unavailable" } });
    const second = await serve();
    await end(second);
    const third = await serve();
    await third.clock.advance(5000);
    expect(backs(chat)).toHaveLength(1);
    await end(third);
  });

  it("is told of by a process that serves, not by one that passes", async () => {
    const { chat, serve } = createWorld();
    await serveUntilRestart({ chat, serve });
    const passing = await serve({ restart: { isPassing: true } });
    await passing.clock.advance(5000);
    await end(passing);
    expect(backs(chat)).toEqual([]);
    const second = await serve();
    await second.clock.advance(5000);
    expect(backs(chat)).toHaveLength(1);
    await end(second);
  });

  it("is not told of a day later", async () => {
    const { chat, serve } = createWorld();
    const first = await serveUntilRestart({ chat, serve });
    await first.clock.advance(25 * 60 * 60_000);
    const second = await serve();
    await second.clock.advance(5000);
    expect(backs(chat)).toEqual([]);
    await end(second);
  });
});

describe("A /restart that comes again after it was fulfilled", () => {
  it("is nothing new where the store knows it", async () => {
    const { chat, serve } = createWorld();
    const first = await serve();
    await chat.says("/restart", { eventId: "r1" });
    await first.clock.advance(2000);
    await end(first);
    const second = await serve();
    expect(await chat.says("/restart", { eventId: "r1" })).toBe("duplicate");
    await second.clock.advance(5000);
    expect(second.performed()).toBe(0);
    await end(second);
  });

  it("restarts nothing where the store knows it no more, whatever the platform's clock says", async () => {
    const store = createMemoryStore();
    const { chat, serve } = createWorld(store);
    const first = await serve();
    const ahead = { ...chat.message("/restart", { eventId: "r1" }), at: "2030-01-01T00:00:00.000Z" };
    await chat.offer([ahead]);
    await first.clock.advance(2000);
    await end(first);
    const second = await serve({ store: await withoutEvents(store, first.clock.now()) });
    expect(await chat.offer([ahead])).toEqual(["stored"]);
    await second.clock.advance(5000);
    expect([first.performed(), second.performed()]).toEqual([1, 0]);
    expect(chat.texts().at(-1)).toBe("I was restarted after you asked for that.");
    await end(second);
  });

  it("restarts nothing where it is older than the process, whatever it is called now", async () => {
    const { chat, serve } = createWorld();
    const first = await serve();
    const asked = restartAt(chat, first.clock, "r1");
    await chat.offer([asked]);
    await first.clock.advance(2000);
    await end(first);
    const second = await serve();
    await chat.offer([{ ...asked, eventId: "r1-again" }]);
    await second.clock.advance(5000);
    expect(second.performed()).toBe(0);
    await chat.offer([restartAt(chat, second.clock, "r2")]);
    await second.clock.advance(5000);
    expect(second.performed()).toBe(1);
    await end(second);
  });

  it("restarts nothing where its process ended before it was answered", async () => {
    const store = createMemoryStore();
    const { chat, serve } = createWorld(store);
    const first = await serve({ store: withoutCommands(store) });
    await chat.says("/restart");
    await first.clock.advance(1000);
    expect(first.performed()).toBe(0);
    await end(first);
    const second = await serve();
    await second.clock.advance(5000);
    expect([second.performed(), chat.texts()]).toEqual([0, ["I was restarted after you asked for that."]]);
    await end(second);
  });
});

describe("A restart that is asked for over the gateway itself", () => {
  it("comes a moment later, so that whoever asked is answered", async () => {
    const { serve } = createWorld();
    const first = await serve();
    expect(await first.gateway.restart()).toBe("restarting");
    expect(first.performed()).toBe(0);
    await first.clock.advance(300);
    expect(first.performed()).toBe(1);
    await end(first);
  });
});

/** A store that has forgotten every event, and nothing of what the gateway remembers of itself. */
async function withoutEvents(store: Store, nowMs: number): Promise<Store> {
  const other = createMemoryStore();
  await Promise.all([store.open(), other.open()]);
  for (const key of ["life", "restarts"]) {
    const value = await store.readMemory("$gateway", key, nowMs);
    await other.writeMemory({ platform: "$gateway", key, value: value ?? null });
  }
  return other;
}

/** A store whose commands wait for a later process. */
function withoutCommands(store: Store): Store {
  return new Proxy(store, {
    get(target, name: keyof Store) {
      if (name === "nextCommand") return async () => undefined;
      return (target[name] as (...parameters: unknown[]) => unknown).bind(target);
    },
  });
}
