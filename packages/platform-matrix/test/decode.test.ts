import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeEvent, knowledgeOf } from "../src/decode.ts";
import { KnownEvents } from "../src/decode/known-events.ts";
import { context, decode, direct, fixture, known } from "./fixtures.ts";

describe("A message", () => {
  test("says who said what, where and when", () => {
    expect(decode(fixture("direct-message"), direct)).toEqual({
      version: 1,
      type: "message",
      eventId: "@hermes:example.org/$direct",
      chat: { ref: { platform: "matrix", chatId: "!room:example.org" }, type: "dm", name: "Club" },
      origin: {
        message: { platform: "matrix", chatId: "!room:example.org", messageId: "$direct" },
        author: { id: "@ada:example.org", name: "Ada", isBot: false, assurance: "platform" },
        lifetime: "durable",
      },
      at: "2026-01-01T00:00:00.123Z",
      messageId: "$direct",
      text: "hello there",
      addressed: true,
      attachments: [],
    });
  });

  test.each([
    ["mention-in-group", { text: "what time is it?", addressed: true }],
    ["mention-by-old-client", { text: "what time is it?", addressed: true }],
    ["talk-about-the-bot", { text: "hermes is a nice name", addressed: false }],
    ["quote-by-hand", { text: "> to be or not to be\n\nWho said that?", addressed: false }],
    ["emote", { text: "* Ada waves" }],
    ["location", { text: "[Location 51.5008, -0.1247] Big Ben" }],
    ["command", { text: "/help me", addressed: true }],
    ["notice-of-another-bot", { text: "beep", origin: { author: { id: "@beep:example.org", isBot: true } } }],
    ["thread-message", { chat: { ref: { threadId: "$root" } }, origin: { message: { threadId: "$root" } } }],
  ])("of the kind %s is told as meant", (name, expected) => {
    expect(decode(fixture(name))).toMatchObject({ type: "message", ...expected });
  });

  test("that answers the bot means it, without the quote that older clients put before it", () => {
    const related = known({ sender: context.botId, text: "It is noon.", saidBy: "$answer" });
    expect(decode(fixture("reply-with-fallback"), { related })).toMatchObject({
      text: "Are you sure?",
      addressed: true,
      replyTo: { message: { messageId: "$answer" }, text: "It is noon.", ofBot: true },
    });
  });

  test.each([
    ["somebody else", { "m.mentions": { user_ids: ["@grace:example.org"] } }, true],
    ["everybody", { "m.mentions": { room: true } }, true],
    ["somebody else and the bot", { "m.mentions": { user_ids: ["@grace:example.org", context.botId] } }, undefined],
    ["nobody", { "m.mentions": {} }, undefined],
    ["nobody, though it says @room", { "m.mentions": {}, body: "@room is a word" }, undefined],
    ["everybody by an older client", { body: "lunch, @room!" }, true],
    [
      "somebody else by an older client",
      { formatted_body: '<a href="https://matrix.to/#/%40grace%3Aexample.org">Grace</a>?' },
      true,
    ],
    ["a room by an older client", { formatted_body: '<a href="https://matrix.to/#/#club:example.org">Club</a>' }, undefined],
    [
      "whom it answers, by an older client",
      { formatted_body: '<mx-reply><a href="https://matrix.to/#/@grace:example.org">x</a></mx-reply>y' },
      undefined,
    ],
    ["nothing that can be read", { "m.mentions": { user_ids: "@grace:example.org", room: 1 } }, undefined],
  ])("that names %s says whether it is for others", (_whom, content, forOthers) => {
    const raw = fixture("direct-message");
    const event = decode({ ...raw, content: { msgtype: "m.text", body: "so?", ...content } });
    expect((event as { readonly forOthers?: boolean }).forOthers).toBe(forOthers);
    expect(decode({ ...raw, content: { msgtype: "m.text", body: "so?", ...content } }, direct)).not.toHaveProperty("forOthers");
  });

  test("with a megabyte of broken quotes is read at once", () => {
    const html = "<mx-reply>".repeat(100_000) + "<a href='https://matrix.to/#/".repeat(10_000);
    const startMs = performance.now();
    decode({ ...fixture("direct-message"), content: { msgtype: "m.text", body: "> <@".repeat(100_000), formatted_body: html } });
    expect(performance.now() - startMs).toBeLessThan(500);
  });

  test("in a thread answers something only where the person chose to", () => {
    expect(decode(fixture("thread-message"), { related: known({ sender: context.botId }) })).not.toHaveProperty("replyTo");
    const related = known({ sender: context.botId, threadId: "$root" });
    expect(decode(fixture("thread-reply"), { related })).toMatchObject({
      replyTo: { message: { threadId: "$root", messageId: "$answer" }, ofBot: true },
      addressed: true,
    });
  });

  test.each([
    ["Hermes, hello", "hello", true],
    ["@hermes hello", "hello", true],
    ["@hermes:example.org hello", "hello", true],
    ["HERMES: hello", "hello", true],
    ["Hermes:", "Hermes:", true],
    ["hermeslike: hello", "hermeslike: hello", false],
    ["ask Hermes", "ask Hermes", false],
    ["!unknown command", "!unknown command", false],
    ["!helper", "!helper", false],
    ["!HELP", "/HELP", true],
  ])("of a client without `m.mentions` that says %j", (body, text, addressed) => {
    const raw = { ...fixture("direct-message"), content: { msgtype: "m.text", body } };
    expect(decode(raw)).toMatchObject({ text, addressed });
  });

  test("of the bot itself, also from another device, and one that was taken out again, is none", () => {
    expect(decodeEvent({ ...fixture("direct-message"), sender: context.botId }, context)).toEqual([]);
    expect(decodeEvent(fixture("redacted-message"), context)).toEqual([]);
  });

  test("has a bounded name of one line for whoever said it, whatever they call themselves", () => {
    const nameOf = (): string => `Ada\u202E\n\n${"x".repeat(5000)}`;
    const event = decode(fixture("direct-message"), { nameOf });
    expect(event?.origin.author.name).toMatch(/^Ada x+$/u);
    expect(event?.origin.author.name).toHaveLength(120);
  });
});

describe("A file", () => {
  test.each([
    ["image-without-caption", "image", "", { mxc: "mxc://example.org/AbCdEf_-1" }, "cat.jpg"],
    ["image-with-caption", "image", "Look at her", { mxc: "mxc://example.org/AbCdEf" }, "cat.jpg"],
    ["voice", "voice", "", { mxc: "mxc://example.org/Voice1" }, "Voice message.ogg"],
    ["sticker", "sticker", "", { mxc: "mxc://example.org/Sticker1" }, "Wave"],
  ])("of the kind %s becomes a ticket", (name, kind, text, ticket, fileName) => {
    expect(decode(fixture(name))).toMatchObject({ text, attachments: [{ kind, ticket, name: fileName }] });
  });

  test.each(["encrypted-file", "file-elsewhere"])("that nobody here can read (%s) is said in words, without a ticket", (name) => {
    expect(decode(fixture(name))).toMatchObject({ type: "message", text: "[Encrypted file]", attachments: [] });
  });
});

describe("What is done to a message", () => {
  test("is an edit, in its thread, by whoever said it", () => {
    const related = known({ threadId: "$root" });
    expect(decode(fixture("edit"), { related })).toMatchObject({
      type: "edit",
      messageId: "$direct",
      text: "hello here",
      chat: { ref: { threadId: "$root" } },
    });
  });

  test("is no edit where somebody else says so, or nobody knows whose message it is", () => {
    expect(decode(fixture("edit"), { related: known({ sender: "@eve:example.org" }) })).toMatchObject({
      type: "other",
      name: "m.replace",
    });
    expect(decode(fixture("edit"))).toMatchObject({ type: "other", name: "m.replace" });
  });

  test("is no edit where the text is the same, and the same edit when it is told again", () => {
    expect(decode(fixture("edit"), { related: known({ text: "hello here" }) })).toBeUndefined();
    expect(decode(fixture("edit"), { related: known({ text: "hello here", saidBy: "$edit" }) })).toMatchObject({ type: "edit" });
  });

  test("is a reaction, however a client writes the emoji", () => {
    expect(decode(fixture("reaction"))).toMatchObject({ type: "reaction", messageId: "$answer", emoji: "👍", added: true });
  });

  test.each(["redaction-in-new-room", "redaction-in-old-room"])("is a deletion (%s)", (name) => {
    expect(decode(fixture(name), { related: known() })).toMatchObject({ type: "delete", messageIds: ["$direct"] });
  });

  test("is a reaction taken back where a reaction was taken out", () => {
    const related = known({ kind: "reaction", text: "👍", target: "$answer" });
    expect(decode(fixture("redaction-in-new-room"), { related })).toMatchObject({
      type: "reaction",
      messageId: "$answer",
      emoji: "👍",
      added: false,
    });
  });
});

describe("What happens to a room", () => {
  test("is told where it concerns the bot", () => {
    expect(decode(fixture("kicked"))).toMatchObject({
      type: "membership",
      change: "bot-removed",
      origin: { author: { id: "@ada:example.org" } },
    });
    expect(decode(fixture("somebody-joined"))).toBeUndefined();
  });

  test.each([
    ["encrypted", "m.room.encrypted"],
    ["room-upgraded", "m.room.tombstone"],
    ["verification-request", "m.key.verification.request"],
  ])("and is not read further is kept as it was (%s)", (name, expected) => {
    expect(decode(fixture(name))).toMatchObject({ type: "other", name: expected });
  });
});

describe("Whatever a homeserver sends", () => {
  test("becomes events that JSON does not change, and never throws", () => {
    const values = fc.oneof(
      fc.jsonValue(),
      fc.record({
        event_id: fc.constant("$x"),
        type: fc.constantFrom("m.room.message", "m.reaction", "m.room.redaction", "m.sticker"),
        sender: fc.constant("@ada:example.org"),
        origin_server_ts: fc.constant(1),
        content: fc.jsonValue(),
      }),
    );
    fc.assert(
      fc.property(values, (raw) => {
        const events = decodeEvent(raw, context);
        expect(JSON.parse(JSON.stringify(events))).toEqual(events);
        knowledgeOf(raw, context);
      }),
    );
  });

  test("is kept under a cap", () => {
    const event = decode({ ...fixture("encrypted"), content: { ciphertext: "x".repeat(100_000) } });
    expect(JSON.stringify(event).length).toBeLessThan(5000);
  });
});

describe("What is remembered", () => {
  test("is the text that an edit left, unless somebody else made it", () => {
    const events = new KnownEvents();
    events.remember("$direct", known());
    events.remember(
      "$evil",
      known({ kind: "edit", sender: "@eve:example.org", target: "$direct", text: "evil", saidBy: "$evil" }),
    );
    expect(events.find("$direct")?.text).toBe("hello there");
    events.remember("$edit", known({ kind: "edit", target: "$direct", text: "hello here", saidBy: "$edit" }));
    expect(events.find("$direct")).toMatchObject({ text: "hello here", saidBy: "$edit" });
    events.remember("$direct", known());
    expect(events.find("$direct")?.text).toBe("hello here");
  });

  test("is bounded, in number and in length", () => {
    const events = new KnownEvents();
    for (let count = 0; count < 3000; count += 1) events.remember(`$${count}`, known({ text: "x".repeat(10_000) }));
    expect(events.find("$0")).toBeUndefined();
    expect(events.find("$2999")?.text).toHaveLength(4000);
  });
});
