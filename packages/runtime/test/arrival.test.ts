import { buildSessionKey } from "@hermes/core";
import { createMemoryStore, type Store } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { describe, expect, it } from "vitest";
import { createHeldAgent, startGateway } from "./set-up.ts";

/** A store whose disk takes its time: what was written is there at once, and answered for when the test says so. */
function createSlowStore() {
  const inner = createMemoryStore();
  const calls: string[] = [];
  const held: (() => void)[] = [];
  const onDisk = async <T>(name: string, write: () => Promise<T>): Promise<T> => {
    calls.push(name);
    const written = write();
    await new Promise<void>((resolve) => held.push(resolve));
    return await written;
  };
  const slow: Partial<Store> = {
    acceptEvents: (batch) => onDisk("accept", () => inner.acceptEvents(batch)),
    claimTurn: (request) => onDisk("claim", () => inner.claimTurn(request)),
  };
  const store = new Proxy(inner, {
    get(target, key) {
      const value: unknown = Reflect.get(slow, key) ?? Reflect.get(target, key, target);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
  return {
    store,
    calls,
    /** What was written so far reaches the disk. */
    flush: async (): Promise<void> => {
      for (const answer of held.splice(0)) answer();
      await settle();
    },
  };
}

describe("A message that arrives", () => {
  it("is taken up by a lane that rests before the store has answered for it, and begins after that", async () => {
    const { store, calls, flush } = createSlowStore();
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ store, agent });
    const said = chat.says("hello");
    await settle();
    expect(calls).toEqual(["accept", "claim"]);
    expect(turns).toHaveLength(0);
    await flush();
    expect(await said).toBe("stored");
    expect(turns.map((turn) => turn.text)).toEqual(["hello"]);
    turns[0]?.end();
    await gateway.idle();
    await gateway.stop();
  });

  it("a second time begins nothing", async () => {
    const { store, flush } = createSlowStore();
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ store, agent });
    const both = [chat.says("hello", { eventId: "same" }), chat.says("hello", { eventId: "same" })];
    await settle();
    await flush();
    expect(await Promise.all(both)).toEqual(["stored", "duplicate"]);
    turns[0]?.end();
    await settle();
    const again = chat.says("hello", { eventId: "same" });
    await settle();
    await flush();
    expect(await again).toBe("duplicate");
    await gateway.idle();
    expect(turns).toHaveLength(1);
    await gateway.stop();
  });

  it("does not begin before a command that arrives ahead of it is answered", async () => {
    const { store, calls, flush } = createSlowStore();
    const { agent, turns } = createHeldAgent();
    const { gateway, chat } = await startGateway({ store, agent });
    const both = [chat.says("/new"), chat.says("hello")];
    await settle();
    expect(calls).toEqual(["accept", "accept"]);
    await flush();
    await flush();
    expect(await Promise.all(both)).toEqual(["stored", "stored"]);
    expect(chat.texts()).toHaveLength(1);
    expect(turns.map((turn) => turn.text)).toEqual(["hello"]);
    turns[0]?.end();
    await gateway.idle();
    await gateway.stop();
  });
});

it("A message that comes before the queue of an earlier process is found does not pass a command there", async () => {
  const store = createMemoryStore();
  const chat = createScriptedPlatform({ style: "edit" });
  const first = await startGateway({ chat, store });
  const stopped = first.gateway.stop();
  await first.clock.advance(5000);
  await stopped;
  // They were taken in, and their process ended.
  await store.open();
  const events = [chat.message("/new", { eventId: "earlier-1" }), chat.message("two", { eventId: "earlier-2" })] as const;
  const sessionKey = buildSessionKey({ kind: "chat", chat: events[0].chat, userId: "7" });
  const intake = (event: (typeof events)[number], kind: "turn" | "command") =>
    ({ event, verdict: "run", rule: "allow-all", work: { kind, sessionKey } }) as const;
  await store.acceptEvents({
    platform: "scripted",
    intakes: [intake(events[0], "command"), intake(events[1], "turn")],
    nowMs: first.clock.now(),
  });
  const found = Promise.withResolvers<void>();
  const slow = new Proxy(store, {
    get(target, name: keyof typeof store) {
      const method = target[name] as (...parameters: unknown[]) => unknown;
      if (name === "listQueuedLanes")
        return async (...parameters: unknown[]) => found.promise.then(() => method.apply(target, parameters));
      return (...parameters: unknown[]) => method.apply(target, parameters);
    },
  });
  const { gateway } = await startGateway({ chat, store: slow, clock: first.clock });
  await chat.says("three");
  await settle();
  found.resolve();
  await gateway.idle();
  expect(chat.texts()).toEqual(["New conversation.", "echo: two", "echo: three"]);
  await gateway.stop();
});
