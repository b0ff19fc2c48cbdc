import { describe, expect, it } from "vitest";
import { createGateway, createMemoryStore, StoreError, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { createHeldAgent, echo, startGateway } from "./set-up.ts";
import { crashing } from "./crashing.ts";

const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

describe("/stop, while an answer of an earlier process waits to be sent", () => {
  it("is answered without waiting for it, and nothing passes it", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "final" });
    chat.fail({ on: "send", failure: { kind: "rate-limited", retryAfterMs: 1000 } });
    const first = await startGateway({ chat, store: crashing(store, { write: 1000, after: false }).store });
    await chat.says("one");
    await settle();
    chat.fail({ on: "send", failure: { kind: "unavailable" }, hangs: true });
    const { gateway, clock } = await startGateway({ chat, store, clock: createFakeClock(first.clock.now()) });
    await chat.says("/stop");
    await settle();
    expect((await store.listReplies({ limit: 10 })).rows.map(({ kind }) => kind)).toEqual(["notice", "turn"]);
    await chat.says("two");
    await clock.advance(120_000);
    await gateway.idle();
    const texts = chat.texts();
    expect(texts.filter((text) => text.includes("echo"))).toEqual([expect.stringContaining("echo: one"), "echo: two"]);
    await gateway.stop();
  });
});

describe("/stop, before a turn of an earlier process has its place again", () => {
  it("ends that turn: it does not run once more", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const held = createHeldAgent();
    const first = await startGateway({ chat, store: crashing(store, { write: 1000, after: false }).store, agent: held.agent });
    await chat.says("a", { chatId: "c1" });
    await chat.says("b", { chatId: "c2" });
    await settle();
    const again = createHeldAgent();
    const { gateway, clock } = await startGateway({
      chat,
      store,
      agent: again.agent,
      clock: createFakeClock(first.clock.now()),
      limits: { maxTurns: 1 },
    });
    await settle();
    expect(again.turns.map(({ text }) => text)).toEqual(["a"]);
    await chat.says("/stop", { chatId: "c2" });
    await settle();
    expect(chat.texts("c2")).toEqual(["Stopped."]);
    again.turns[0]?.end();
    await clock.advance(5000);
    await gateway.idle();
    expect(again.turns).toHaveLength(1);
    expect(await store.listInterruptedTurns({ limit: 10 })).toEqual([]);
    await gateway.stop();
  });
});

describe("/stop of somebody else in a shared thread, before a turn of an earlier process has its place again", () => {
  it("leaves that turn", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const held = createHeldAgent();
    const first = await startGateway({ chat, store: crashing(store, { write: 1000, after: false }).store, agent: held.agent });
    const thread = { chatId: "g", threadId: "t", type: "group" } as const;
    await chat.says("a", { chatId: "c1" });
    await chat.says("b", { ...thread, userId: "7" });
    await settle();
    const again = createHeldAgent();
    const { gateway, clock } = await startGateway({
      chat,
      store,
      agent: again.agent,
      clock: createFakeClock(first.clock.now()),
      limits: { maxTurns: 1 },
    });
    await settle();
    for (const command of ["/stop", "/new"]) await chat.says(command, { ...thread, userId: "8" });
    await settle();
    expect(chat.texts("g").map((text) => text.split(".")[0])).toEqual(Array(2).fill(expect.stringMatching(/^Somebody else/u)));
    again.turns[0]?.end();
    await clock.advance(5000);
    expect(again.turns.map(({ text }) => text)).toEqual(["a", "b"]);
    again.turns[1]?.end();
    await clock.advance(5000);
    await gateway.stop();
  });
});

describe("A clean stop", () => {
  it("in the middle of a start is a stop", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    const gateway = createGateway({ platforms: [chat.platform], agent: echo, logger: silent });
    const started = gateway.start();
    const stopped = gateway.stop();
    await expect(started).rejects.toThrow("stopped before it had started");
    await stopped;
    await settle();
    expect(chat.calls).toEqual([]);
    expect(gateway.status().phase).toBe("stopped");
  });

  it("waits for no adapter that does not come back, and for no more than five seconds", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    const connect: typeof chat.platform.connect = async (host, signal) => ({
      ...(await chat.platform.connect(host, signal)),
      disconnect: () => new Promise<never>(() => undefined),
    });
    const { gateway, clock } = await startGateway({ chat: { ...chat, platform: { ...chat.platform, connect } } });
    let isStopped = false;
    void gateway.stop().then(() => (isStopped = true));
    await clock.advance(5000);
    expect(isStopped).toBe(true);
    expect(clock.pending).toBe(0);
  });

  it("interrupts the running turn, and the next start takes it up", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const { agent, turns } = createHeldAgent();
    const first = await startGateway({ chat, store, agent });
    await chat.says("hello");
    await chat.says("waiting");
    await settle();
    const stopped = first.gateway.stop();
    await first.clock.advance(10_000);
    await stopped;
    expect(turns[0]?.signal.reason).toBe("shutdown");
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello", "echo: waiting"]);
    await gateway.stop();
  });

  it("waits for running turns as long as it may", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent });
    await chat.says("hello");
    await settle();
    const stopped = gateway.stop({ mode: "drain", drainMs: 10_000 });
    await clock.advance(1000);
    turns[0]?.say("In time.");
    turns[0]?.end();
    await clock.advance(10_000);
    await stopped;
    expect(chat.texts()).toEqual(["In time."]);
  });

  it("comes to its end although the store refuses turns and keeps the rest waiting", async () => {
    const memory = createMemoryStore();
    let isStuck = false;
    const store = new Proxy(memory, {
      get(target, name: keyof Store) {
        if (isStuck && name === "claimTurn") return async () => Promise.reject(new StoreError("full", "The disk is full"));
        if (isStuck && name === "writeMemory") return () => new Promise(() => undefined);
        return (target[name] as (...parameters: unknown[]) => unknown).bind(target);
      },
    });
    const { gateway, chat, clock } = await startGateway({ store });
    isStuck = true;
    await chat.says("hello");
    await clock.advance(2500);
    let isStopped = false;
    void gateway.stop().then(() => (isStopped = true));
    await clock.advance(5000);
    expect([isStopped, clock.pending]).toEqual([true, 0]);
  });

  it("can be asked for twice", async () => {
    const { gateway } = await startGateway();
    await Promise.all([gateway.stop(), gateway.stop()]);
    expect(gateway.status().phase).toBe("stopped");
  });
});
