import { describe, expect, it } from "vitest";
import { createMemoryStore, StoreError, type Store } from "@hermes/runtime";
import { settle } from "@hermes/runtime/testing";
import { startGateway } from "./set-up.ts";

const mark = "(This may be a repetition.)\n\n";

/** A store that refuses a kind of write as long as it is told to. */
function refusing(name: "finishTurn" | "acceptEvents" | "settleParts" | "claimTurn"): { readonly store: Store; refuse: boolean } {
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

  it("to a chat that is gone is given up, and the log says so", async () => {
    const { gateway, chat, log } = await startGateway();
    chat.fail({ on: "send", failure: { kind: "not-found", what: "chat" } });
    await chat.says("hello");
    await gateway.idle();
    expect(chat.texts()).toEqual([]);
    expect(log.join("\n")).toMatch(/could not be delivered to chat c1/u);
    await chat.says("again");
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: again"]);
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
});
