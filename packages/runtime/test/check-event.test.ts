import { describe, expect, it } from "vitest";
import type { PlatformEvent } from "@hermes/core";
import { settle } from "@hermes/runtime/testing";
import { createHeldAgent, startGateway } from "./set-up.ts";

const cyclic: unknown[] = [];
cyclic.push(cyclic);

/** What an adapter with a fault may hand over in place of a message. */
const broken: readonly (readonly [string, object])[] = [
  ["no text", { text: undefined }],
  ["a text that is none", { text: 7 }],
  ["no word about whom it is for", { addressed: undefined }],
  ["no list of attachments", { attachments: undefined }],
  ["no author", { origin: { lifetime: "durable" } }],
  ["an author who may be a bot", { origin: { author: { id: "7", assurance: "platform" }, lifetime: "durable" } }],
  ["an author whose name may be forged", { origin: { author: { id: "7", isBot: false }, lifetime: "durable" } }],
  ["something that is no JSON", { request: cyclic }],
  ["a chat of another platform", { chat: { ref: { platform: "other", chatId: "c1" }, type: "dm" } }],
  ["a command without a name", { type: "command", name: undefined, arguments: "" }],
  ["a command without arguments", { type: "command", name: "help", arguments: undefined }],
];

describe("An event that an adapter got wrong", () => {
  it.each(broken)("with %s is noted and passed over, and the next is answered", async (_what, more) => {
    const { gateway, chat } = await startGateway();
    const event = { ...chat.message("broken"), ...more } as PlatformEvent;
    await chat.offer([event, chat.message("hello")], { key: "offset", value: 2 });
    await gateway.idle();
    expect(chat.texts()).toEqual(["echo: hello"]);
    expect(gateway.status().undecodable).toBe(1);
    await gateway.stop();
  });
});

describe("A message that is delivered again while its conversation's queue is full", () => {
  it("is not said to have been refused", async () => {
    const { agent } = createHeldAgent();
    const { gateway, chat, clock } = await startGateway({ agent, limits: { maxQueuedPerSession: 1 } });
    await chat.says("one");
    await settle();
    await chat.says("two", { eventId: "two" });
    expect(await chat.says("two", { eventId: "two" })).toBe("duplicate");
    await settle();
    expect(chat.texts()).toEqual([]);
    const stopped = gateway.stop();
    await clock.advance(5000);
    await stopped;
  });
});
