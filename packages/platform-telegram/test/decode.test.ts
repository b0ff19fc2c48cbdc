import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUpdate } from "../src/decode.ts";
import { context, decode, event, fixture, fixtureNames as names } from "./fixtures.ts";
import { loadSpecification } from "./server.ts";

describe("a message", () => {
  test("in a direct chat is decoded whole", () => {
    expect(event("direct-message")).toEqual({
      version: 1,
      eventId: "123456:1001",
      type: "message",
      chat: { ref: { platform: "telegram", chatId: "42" }, type: "dm", name: "Ada L." },
      origin: {
        message: { platform: "telegram", chatId: "42", messageId: "7" },
        author: { id: "42", name: "Ada L.", isBot: false, assurance: "platform" },
        lifetime: "durable",
      },
      at: "2026-01-01T00:00:00.000Z",
      messageId: "7",
      text: "Hello",
      addressed: true,
      attachments: [],
    });
  });

  test("carries the instance's name, and another bot's updates have other ids", () => {
    expect(event("direct-message", { platform: "work", botId: 99 })).toMatchObject({
      eventId: "99:1001",
      chat: { ref: { platform: "work" } },
    });
  });

  test.each([
    ["direct-message", true],
    ["group-chatter", false],
    ["group-mention", true],
    ["group-mention-of-somebody-else", false],
    ["group-mention-without-username", true],
    ["group-reply-to-bot", true],
    ["group-reply-to-person", false],
    ["topic-message", false],
    ["topic-reply-to-bot", true],
    ["command-for-us", true],
    ["command-for-another-bot", false],
    ["command-in-group", true],
    ["photo-with-caption", true],
    ["channel-post", false],
  ])("(%s) is addressed to the bot: %s", (name, addressed) => {
    expect(event(name)).toMatchObject({ type: "message", addressed });
  });

  test("that mentions a bot whose name is not known yet is not addressed, but a reply and a command are", () => {
    const addressed = (name: string): unknown => event(name, { botName: undefined });
    expect(addressed("group-mention")).toMatchObject({ addressed: false });
    expect(addressed("command-for-us")).toMatchObject({ addressed: false, text: "/Status@hermes_test_bot all of it" });
    expect(addressed("group-reply-to-bot")).toMatchObject({ addressed: true });
    expect(addressed("command-in-group")).toMatchObject({ addressed: true });
  });

  test("that is a command naming this bot loses the name", () => {
    expect(event("command-for-us")).toMatchObject({ text: "/Status all of it" });
    expect(event("command-for-another-bot")).toMatchObject({ text: "/status@other_bot" });
    expect(event("command-with-claim-code")).toMatchObject({ text: "/start A1b2-C3" });
  });

  test("knows what it replies to", () => {
    const message = { platform: "telegram", chatId: "-1001234567890", messageId: "5" };
    expect(event("group-reply-to-bot")).toMatchObject({ replyTo: { message, text: "Earlier answer", ofBot: true } });
    expect(event("group-reply-to-quote")).toMatchObject({ replyTo: { message, text: "Earlier", ofBot: true } });
    expect(event("group-reply-to-person")).toMatchObject({ replyTo: { text: "Do you?", ofBot: false } });
    expect(event("topic-message")).not.toHaveProperty("replyTo");
  });

  test.each([
    ["topic-message", "12"],
    ["direct-topic-message", "77"],
    ["general-topic-message", undefined],
    ["group-reply-chain", undefined],
    ["direct-reply-chain", undefined],
  ])("(%s) is in the thread %s", (name, threadId) => {
    const { chat, origin } = event(name);
    expect(chat.ref.threadId).toBe(threadId);
    expect(origin.message?.threadId).toBe(threadId);
  });

  test.each([
    ["topic-created", "forum_topic_created"],
    ["poll-edited", "edited_poll"],
    ["member-joined", "new_chat_members"],
    ["group-became-supergroup", "migrate_to_chat_id"],
    ["live-location-moved", "edited_location"],
    ["direct-messages-of-a-channel", "direct_messages_topic"],
    ["poll-closed", "poll"],
    ["bot-promoted", "my_chat_member"],
    ["button-pressed-inline", "callback_query"],
    ["reaction-with-custom-emoji", "message_reaction"],
  ])("or an update (%s) without a text is passed on as `%s`", (name, kind) => {
    const other = event(name);
    expect(other).toMatchObject({ type: "other", name: kind });
    expect(other).not.toHaveProperty("undecodable");
  });

  test("of the bot itself never arrives; another bot's is flagged", () => {
    expect(decode("own-message")).toEqual([]);
    expect(event("another-bot")).toMatchObject({ origin: { author: { id: "999", isBot: true } } });
  });
});

describe("the author", () => {
  test.each([
    ["anonymous-administrator", "-1001234567890", "admin"],
    ["shared-account-alone", "-1001234567890", "Engine room"],
    ["person-speaking-as-channel", "-1009876543210", "News"],
    ["post-forwarded-from-linked-channel", "-1009876543210", "News"],
    ["channel-post", "-1009876543210", "Ada"],
    ["edited-channel-post", "-1009876543210", "News"],
    ["reaction-by-channel", "-1009876543210", "News"],
  ])("of %s is the chat %s, never an account that many share", (name, id, shown) => {
    expect(event(name).origin.author).toEqual({ id, name: shown, isBot: false, assurance: "platform" });
  });
});

describe("what is no message", () => {
  test("is an edit when the text or the caption was edited", () => {
    expect(event("edited-message")).toMatchObject({
      type: "edit",
      messageId: "7",
      text: "Hello, corrected",
      at: "2026-01-01T00:00:30.000Z",
    });
    expect(event("edited-caption")).toMatchObject({ type: "edit", text: "Better caption" });
    expect(event("edited-channel-post")).toMatchObject({ type: "edit", chat: { type: "channel" } });
  });

  test("is an action when a button was pressed", () => {
    expect(event("button-pressed")).toMatchObject({
      type: "action",
      token: "token-1",
      interaction: "4382bfdwdsb323b2d9",
      messageId: "7",
      chat: { ref: { chatId: "-1001234567891", threadId: "12" }, type: "group" },
      origin: { author: { id: "42" } },
      at: "2026-01-01T00:06:40.000Z",
    });
    expect(event("button-pressed-on-old-message")).toMatchObject({ type: "action", token: "token-2", messageId: "3" });
  });

  test("is a change of membership when the bot came or went", () => {
    expect(event("bot-added-to-group")).toMatchObject({
      type: "membership",
      change: "bot-added",
      origin: { author: { id: "42" } },
    });
    expect(event("bot-removed-from-group")).toMatchObject({ type: "membership", change: "bot-removed" });
    expect(event("bot-blocked")).toMatchObject({ type: "membership", change: "bot-removed", chat: { type: "dm" } });
  });

  test("is one reaction, or two when one replaced another", () => {
    expect(event("reaction-added")).toMatchObject({ type: "reaction", emoji: "👍", added: true, messageId: "5" });
    expect(decode("reaction-changed")).toMatchObject([
      { type: "reaction", eventId: expect.stringMatching(/^123456:\d+$/u), emoji: "👍", added: false },
      { type: "reaction", eventId: expect.stringMatching(/^123456:\d+:1$/u), emoji: "🔥", added: true },
    ]);
    expect(event("reaction-by-channel")).toMatchObject({ emoji: "⭐", added: true });
  });
});

describe("what cannot be read", () => {
  test("stops nothing where it is nested too deeply to be written down again", () => {
    const deep: unknown = JSON.parse(`${"[".repeat(100_000)}${"]".repeat(100_000)}`);
    for (const update of [{ update_id: 1, message: deep }, { update_id: 1, unheard_of: deep }, { message: deep }]) {
      const [first] = decodeUpdate(update, context);
      expect(first).toMatchObject({ type: "other", eventId: expect.stringMatching(/^123456:\w+$/u) as string });
      expect(JSON.stringify(first).length).toBeLessThan(4096);
    }
  });

  test.each([
    ["a message without a chat", { update_id: 5, message: { message_id: 1, date: 1, text: "x" } }],
    ["an unknown type of chat", { update_id: 5, message: { message_id: 1, date: 1, text: "x", chat: { id: 1, type: "new" } } }],
    [
      "an id beyond what can be counted",
      { update_id: 5, message: { message_id: 1, date: 1, chat: { id: 2 ** 60, type: "private" } } },
    ],
    [
      "a date that no calendar shows",
      { update_id: 5, message: { message_id: 1, date: 1e15, text: "x", chat: { id: 1, type: "private" } } },
    ],
    ["a message that is a text", { update_id: 5, message: "x" }],
  ])("(%s) is undecodable, under the id of its update", (_name, update) => {
    expect(decodeUpdate(update, context)).toMatchObject([
      { type: "other", undecodable: true, eventId: "123456:5", payload: {} as unknown },
    ]);
  });

  test("is named by its content when it has no number", () => {
    const [first] = decodeUpdate({ message: "x" }, context);
    const [again] = decodeUpdate({ message: "x" }, context);
    const [another] = decodeUpdate({ message: "y" }, context);
    expect(first).toMatchObject({
      type: "other",
      undecodable: true,
      chat: { ref: { chatId: "unknown" } },
      origin: { author: { id: "unknown" } },
    });
    expect(again?.eventId).toBe(first?.eventId);
    expect(another?.eventId).not.toBe(first?.eventId);
  });

  test("is kept under 4 KB", () => {
    for (const filler of ["x", '"', "漢", "\u0000", "😀"]) {
      const [other] = decodeUpdate({ update_id: 1, message: { text: filler.repeat(50_000) } }, context);
      expect(other).toMatchObject({ type: "other", undecodable: true, payload: { truncated: true } });
      if (other?.type === "other") expect(Buffer.byteLength(JSON.stringify(other.payload))).toBeLessThanOrEqual(4096);
    }
  });
});

describe("whatever arrives,", () => {
  test("decoding never throws, and an event survives JSON", () => {
    const keys = fc.constantFrom(
      "update_id",
      "message",
      "edited_message",
      "callback_query",
      "my_chat_member",
      "message_reaction",
      "chat",
      "x",
    );
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), fc.dictionary(keys, fc.jsonValue())), (update) => {
        const events = decodeUpdate(update, context);
        expect(JSON.parse(JSON.stringify(events))).toEqual(events);
        for (const { eventId, chat, origin } of events) {
          expect(eventId).toMatch(/^123456:/u);
          expect(chat.ref.chatId).not.toBe("");
          expect(origin.author.id).not.toBe("");
        }
      }),
      { numRuns: 1000 },
    );
  });

  test("an update with any one of its fields spoilt is decoded or undecodable, never lost", () => {
    const spoilt = fc.constantFrom<unknown>(null, "x", -1, 1e300, [], {}, undefined);
    fc.assert(
      fc.property(fc.constantFrom(...names.filter((name) => name !== "own-message")), fc.nat(), spoilt, (name, at, value) => {
        const update = fixture(name);
        const places = fieldsOf(update);
        const place = places[at % places.length];
        if (place !== undefined) place.holder[place.key] = value;
        const events = decodeUpdate(update, context);
        expect(events.length).toBeGreaterThan(0);
      }),
      { numRuns: 2000 },
    );
  });

  test.each(names)("%s is decoded the same each time", (name) => {
    expect(decode(name)).toEqual(decode(name));
    for (const decoded of decode(name)) expect(decoded).not.toHaveProperty("undecodable");
  });
});

describe.runIf(loadSpecification() !== undefined)("each fixture", () => {
  const specification = loadSpecification();
  test.each(names)("%s fits the description of the Bot API", (file) => {
    expect(specification?.value("Update", fixture(file))).toBeUndefined();
  });
});

interface Field {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Every field below the update's number, with the object it stands in. */
function fieldsOf(value: unknown, found: Field[] = []): readonly Field[] {
  if (typeof value !== "object" || value === null) return found;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "update_id") continue;
    found.push({ holder: value as Record<string, unknown>, key });
    fieldsOf(inner, found);
  }
  return found;
}
