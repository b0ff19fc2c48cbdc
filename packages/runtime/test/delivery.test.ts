import { describe, expect, it } from "vitest";
import { createMemoryStore, StoreError, type Store } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway } from "./set-up.ts";

const mark = "(This may be a repetition.)\n\n";

/** A store that refuses a kind of write as long as it is told to. */
function refusing(name: "finishTurn" | "acceptEvents" | "settleParts" | "claimTurn" | "listQueuedLanes"): {
  readonly store: Store;
  refuse: boolean;
} {
  const store = createMemoryStore();
  const control = {
    refuse: true,
    store: new Proxy(store, {
      get(target, key: keyof Store) {
        const method = (target[key] as (...parameters: unknown[]) => Promise<unknown>).bind(target);
        return key === name && control.refuse ? () => Promise.reject(new StoreError("full", "The disk is full")) : method;
      },
    }),
  };
  return control;
}

describe("A send", () => {
  it("that may have happened is made again with a mark, where nobody can be asked", async () => {
    for (const acted of [true, false]) {
      const { gateway, chat, clock } = await startGateway();
      chat.fail({ on: "send", failure: { kind: "unavailable" }, acted });
      await chat.says("hello");
      await clock.advance(10_000);
      await gateway.idle();
      expect(chat.texts()).toEqual(acted ? ["echo: hello", `${mark}echo: hello`] : [`${mark}echo: hello`]);
      await gateway.stop();
    }
  });

  it("that may have happened is left alone, where that is wanted", async () => {
    const { gateway, chat, clock } = await startGateway({ unknownSends: "leave" });
    chat.fail({ on: "send", failure: { kind: "unavailable" }, acted: true });
    await chat.says("hello");
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("carries the same key each time it is tried", async () => {
    const { gateway, chat, clock } = await startGateway({ scripted: { idempotentSend: true } });
    chat.fail(
      { on: "send", failure: { kind: "unavailable" }, acted: true },
      { on: "send", failure: { kind: "rate-limited", retryAfterMs: 2000 } },
    );
    await chat.says("hello");
    await clock.advance(20_000);
    await gateway.idle();
    const keys = chat.calls.filter((call) => call.name === "send").map((call) => call.key);
    expect(keys).toHaveLength(3);
    expect(new Set(keys).size).toBe(1);
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("that is refused for wrong credentials is kept until they are right again", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: { kind: "unauthorized" } }, { on: "send", failure: { kind: "unauthorized" } });
    await chat.says("hello");
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("that keeps failing is given up after its time, and the conversation goes on", async () => {
    const { gateway, chat, clock } = await startGateway({ limits: { deliveryMaxMs: 60_000 } });
    chat.fail(
      ...Array.from({ length: 12 }, () => ({ on: "send", failure: { kind: "rate-limited", retryAfterMs: 6000 } }) as const),
    );
    await chat.says("lost");
    await clock.advance(90_000);
    expect(chat.texts()).toEqual([]);
    await chat.says("hello");
    await clock.advance(120_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("that is never answered does not hold up its chat for ever", async () => {
    const { gateway, chat, clock } = await startGateway({ limits: { callTimeoutMs: 5000 } });
    chat.fail({ on: "send", failure: { kind: "unavailable" }, hangs: true });
    await chat.says("hello");
    await clock.advance(4999);
    expect(chat.texts()).toEqual([]);
    await clock.advance(5000);
    await gateway.idle();
    expect(chat.texts()).toEqual([`${mark}echo: hello`]);
    await gateway.stop();
  });

  it("waits while its platform is away, however often that fails", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.lose({ kind: "unavailable" });
    chat.fail(...Array.from({ length: 8 }, () => ({ on: "connect", failure: { kind: "unavailable" } }) as const));
    await settle();
    await gateway.fetch(new Request("http://localhost/webhooks/scripted", { method: "POST", body: "hello" }));
    await clock.advance(20 * 60_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });
});

describe("An answer", () => {
  it("that takes its agent longer than a delivery may take is delivered", async () => {
    const { agent, turns } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent, limits: { deliveryMaxMs: 60_000 } });
    await chat.says("hello");
    await clock.advance(120_000);
    turns[0]?.say("At last.");
    turns[0]?.end();
    await clock.advance(1000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["At last."]);
    await gateway.stop();
  });

  it("is shown although its platform's `measure` throws", async () => {
    const chat = createScriptedPlatform({ style: "edit" });
    const broken = () => {
      throw new RangeError("of no use");
    };
    const { gateway, log } = await startGateway({ chat: { ...chat, platform: { ...chat.platform, measure: broken } } });
    await chat.says("hello");
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    expect(log.join("\n")).toContain("[scripted] `measure` failed: RangeError");
    await gateway.stop();
  });

  it("is shown although its platform never opens a stream for it", async () => {
    const { gateway, chat, clock } = await startGateway({ scripted: { style: "live" }, limits: { callTimeoutMs: 5000 } });
    chat.fail({ on: "open", failure: { kind: "unavailable" }, hangs: true });
    const { agent, turns } = createHeldAgent();
    await gateway.stop();
    const second = await startGateway({ chat, clock, agent, limits: { callTimeoutMs: 5000 } });
    await chat.says("hello");
    await settle();
    turns[0]?.say("One.");
    await clock.advance(1000);
    turns[0]?.end();
    await clock.advance(10_000);
    await second.gateway.idle();
    expect(chat.texts()).toEqual(["One."]);
    await second.gateway.stop();
  });

  it("is ended in the store, however its first writes fail", async () => {
    const memory = createMemoryStore();
    const held: (() => void)[] = [];
    let holds = false;
    const store = new Proxy(memory, {
      get(target, name: keyof Store) {
        const method = (target[name] as (...parameters: unknown[]) => Promise<unknown>).bind(target);
        if (name !== "finishTurn" && name !== "settleParts") return method;
        return (...parameters: unknown[]) =>
          holds
            ? new Promise((_resolve, reject) => held.push(() => reject(new StoreError("full", "The disk is full"))))
            : method(...parameters);
      },
    });
    const { gateway, chat, clock } = await startGateway({ store, limits: { callTimeoutMs: 5000 } });
    chat.fail({ on: "send", failure: { kind: "unavailable" }, hangs: true });
    await chat.says("first", { type: "group", userId: "1" });
    await settle();
    holds = true;
    await chat.says("second", { type: "group", userId: "2" });
    // The call in front of it comes back while its first write is under way.
    await clock.advance(6000);
    for (let fail = held.shift(); fail !== undefined; fail = held.shift()) {
      fail();
      await settle();
      if (held.length === 0) holds = false;
    }
    await clock.advance(120_000);
    await gateway.idle();
    expect(await memory.listInterruptedTurns({ limit: 10 })).toEqual([]);
    expect(await memory.listUnsettledReplies({ limit: 10 })).toEqual([]);
    expect(chat.texts().filter((text) => text.includes("second"))).toEqual(["echo: second"]);
    await gateway.stop();
  });
});

describe("A store that refuses", () => {
  it("events is answered with a refusal to acknowledge, and the events are taken when it can again", async () => {
    const control = refusing("acceptEvents");
    const { gateway, chat } = await startGateway({ store: control.store });
    await expect(chat.says("hello", { eventId: "e1" })).rejects.toThrow("The disk is full");
    expect(gateway.status().storeWritable).toBe(false);
    control.refuse = false;
    expect(await chat.says("hello", { eventId: "e1" })).toBe("stored");
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    expect(gateway.status().storeWritable).toBe(true);
    await gateway.stop();
  });

  it("an answer keeps it from being sent until it is kept", async () => {
    const control = refusing("finishTurn");
    const { gateway, chat, clock } = await startGateway({ store: control.store });
    await chat.says("hello");
    await clock.advance(10_000);
    expect(chat.texts()).toEqual([]);
    control.refuse = false;
    await clock.advance(60_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("to start a turn is asked again", async () => {
    const control = refusing("claimTurn");
    const { gateway, chat, clock } = await startGateway({ store: control.store });
    await chat.says("hello");
    await clock.advance(2500);
    control.refuse = false;
    await clock.advance(2000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("to note what was shown does not make it be said twice", async () => {
    const control = refusing("settleParts");
    const { gateway, chat, clock } = await startGateway({ store: control.store });
    await chat.says("hello");
    await clock.advance(5000);
    control.refuse = false;
    await clock.advance(60_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("to list what waits is asked again", async () => {
    const control = refusing("listQueuedLanes");
    const { gateway: first, chat, clock } = await startGateway({ store: control.store, agent: createHeldAgent().agent });
    await chat.says("running");
    await chat.says("waiting");
    const stopped = first.stop();
    await clock.advance(10_000);
    await stopped;
    const { gateway } = await startGateway({ store: control.store, chat, clock });
    control.refuse = false;
    await clock.advance(2000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: running", "echo: waiting"]);
    await gateway.stop();
  });
});
