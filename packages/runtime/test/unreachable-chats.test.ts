import { describe, expect, it } from "vitest";
import type { Failure } from "@hermes/core";
import { createMemoryStore } from "@hermes/runtime";
import { createScriptedPlatform, settle } from "@hermes/runtime/testing";
import { startGateway } from "./set-up.ts";

const hourMs = 60 * 60_000;
const gone: Failure = { kind: "not-found", what: "chat" };
const blocked: Failure = { kind: "forbidden" };

describe.each([gone, blocked])("A chat that cannot be reached (%s)", (failure) => {
  it("is tried again after an hour", async () => {
    const { gateway, chat, clock, log } = await startGateway();
    chat.fail({ on: "send", failure });
    await chat.says("hello");
    await gateway.idle();
    expect(chat.texts()).toEqual([]);
    expect(log.join("\n")).toMatch(/Chat c1 cannot be reached/u);
    await clock.advance(hourMs - 1000);
    expect(chat.calls.filter(({ name }) => name === "send")).toHaveLength(1);
    await clock.advance(2000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("is tried again, oldest answer first, as soon as somebody there speaks", async () => {
    const { gateway, chat } = await startGateway();
    chat.fail({ on: "send", failure });
    await chat.says("one");
    await gateway.idle();
    await chat.says("two");
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: one", "echo: two"]);
    await gateway.stop();
  });

  it("does not hold up its own conversation, nor others", async () => {
    const { gateway, chat } = await startGateway();
    chat.fail(...Array.from({ length: 3 }, () => ({ on: "send", failure }) as const));
    for (const text of ["one", "two", "three"]) {
      await chat.says(text);
      await gateway.idle();
    }
    await chat.says("elsewhere", { chatId: "c2" });
    await chat.says("four");
    await gateway.idle();
    expect(gateway.status().busyLanes).toBe(0);
    expect(chat.texts("c2")).toEqual(["echo: elsewhere"]);
    expect(chat.texts()).toEqual(["echo: one", "echo: two", "echo: three", "echo: four"]);
    await gateway.stop();
  });

  it("does not hold up its conversation where that shows before the answer is complete", async () => {
    const { gateway, chat, clock } = await startGateway({
      async *agent(turn) {
        yield { type: "text-delta", text: `One of ${turn.input[0].text}.` };
        yield { type: "segment-end" };
        await new Promise<void>((resolve) => clock.wakeAt(clock.now() + 5000, resolve));
        yield { type: "text-delta", text: `Two of ${turn.input[0].text}.` };
      },
    });
    chat.fail({ on: "send", failure });
    await chat.says("a");
    await clock.advance(10_000);
    expect(gateway.status().busyLanes).toBe(0);
    expect(chat.texts()).toEqual([]);
    await chat.says("b");
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["One of a.", "Two of a.", "One of b.", "Two of b."]);
    await gateway.stop();
  });

  it("is remembered over a restart, and what waits there is shown in its time", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "edit" });
    const first = await startGateway({ chat, store });
    chat.fail({ on: "send", failure });
    await chat.says("hello");
    await first.gateway.idle();
    await first.gateway.stop();
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await gateway.idle();
    expect(chat.calls.filter(({ name }) => name === "send")).toHaveLength(1);
    await clock.advance(hourMs);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("is given up once what is to be said there is too old", async () => {
    const { gateway, chat, clock, log, store } = await startGateway({ limits: { deliveryMaxMs: 3 * hourMs } });
    chat.fail(...Array.from({ length: 9 }, () => ({ on: "send", failure }) as const));
    await chat.says("hello");
    await clock.advance(10 * hourMs);
    await gateway.idle();
    expect(chat.texts()).toEqual([]);
    expect(chat.calls.filter(({ name }) => name === "send")).toHaveLength(5);
    expect(log.join("\n")).toMatch(/could not be delivered to chat c1/u);
    expect(await store.listUnsettledReplies({ limit: 10 })).toEqual([]);
    await gateway.stop();
  });
});

describe("A rate limit", () => {
  const limited = (scope?: "bot"): Failure => ({
    kind: "rate-limited",
    retryAfterMs: 5000,
    ...(scope === undefined ? {} : { scope }),
  });

  it("of a chat holds for everything that is said there, and for no other chat", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: limited() });
    await chat.says("one", { type: "group", userId: "1" });
    await chat.says("two", { type: "group", userId: "2" });
    await chat.says("elsewhere", { chatId: "c2" });
    await settle();
    expect(chat.texts("c2")).toEqual(["echo: elsewhere"]);
    await clock.advance(4900);
    expect(chat.calls.filter(({ name, chatId }) => name === "send" && chatId === "c1")).toHaveLength(1);
    await clock.advance(200);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: one", "echo: two"]);
    await gateway.stop();
  });

  it("of the bot holds for all of its chats", async () => {
    const { gateway, chat, clock } = await startGateway();
    chat.fail({ on: "send", failure: limited("bot") });
    await chat.says("one");
    await settle();
    await chat.says("two", { chatId: "c2" });
    await clock.advance(4900);
    expect(chat.calls.filter(({ name }) => name === "send")).toHaveLength(1);
    await clock.advance(200);
    await gateway.idle();
    expect([chat.texts(), chat.texts("c2")]).toEqual([["echo: one"], ["echo: two"]]);
    await gateway.stop();
  });

  it("of three chats at a time is one of the bot", async () => {
    const { gateway, chat, clock } = await startGateway();
    for (const chatId of ["c1", "c2", "c3"]) {
      chat.fail({ on: "send", failure: limited() });
      await chat.says("hello", { chatId });
      await settle();
    }
    await chat.says("hello", { chatId: "c4" });
    await clock.advance(4900);
    expect(chat.calls.filter(({ name }) => name === "send")).toHaveLength(3);
    await clock.advance(200);
    await gateway.idle();
    for (const chatId of ["c1", "c2", "c3", "c4"]) expect(chat.texts(chatId)).toEqual(["echo: hello"]);
    await gateway.stop();
  });
});

describe("A send whose outcome nobody heard", () => {
  it.each([true, false])("is asked for where the platform answers, and is said once (it happened: %s)", async (acted) => {
    const { gateway, chat, clock } = await startGateway({ scripted: { lookup: true } });
    chat.fail({ on: "send", failure: { kind: "unavailable" }, acted });
    await chat.says("hello");
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    expect(chat.calls.map(({ name }) => name)).toEqual(["connect", "send", "find", ...(acted ? [] : ["send"])]);
    await gateway.stop();
  });

  it("stays in doubt as long as the platform does not answer the question", async () => {
    const { gateway, chat, clock } = await startGateway({ scripted: { lookup: true } });
    chat.fail(
      { on: "send", failure: { kind: "unavailable" }, acted: true },
      { on: "find", failure: { kind: "unavailable" } },
      { on: "find", failure: { kind: "forbidden" } },
      { on: "find", failure: { kind: "rate-limited", retryAfterMs: 2000 } },
    );
    await chat.says("hello");
    await clock.advance(60_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("is asked for after a crash, too", async () => {
    const store = createMemoryStore();
    const chat = createScriptedPlatform({ style: "final", lookup: true });
    const first = await startGateway({ chat, store });
    chat.fail({ on: "send", failure: { kind: "unavailable" }, acted: true });
    await chat.says("hello");
    await settle();
    const stopped = first.gateway.stop();
    await first.clock.advance(10_000);
    await stopped;
    expect(chat.calls.map(({ name }) => name)).toEqual(["connect", "send"]);
    const { gateway, clock } = await startGateway({ chat, store, clock: first.clock });
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    await gateway.stop();
  });

  it("is put to the reader where that is wanted, who may have it repeated", async () => {
    const { gateway, chat, clock } = await startGateway({ unknownSends: "ask" });
    chat.fail({ on: "send", failure: { kind: "unavailable" } });
    await chat.says("hello");
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts()).toEqual(["I cannot tell whether a part of this answer arrived. Send /retry to have it repeated."]);
    await chat.says("/retry");
    await clock.advance(10_000);
    await gateway.idle();
    expect(chat.texts().slice(1).toSorted()).toEqual(["(This may be a repetition.)\n\necho: hello", "Once more, then."]);
    await gateway.stop();
  });
});
