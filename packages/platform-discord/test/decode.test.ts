import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeDispatch } from "../src/decode.ts";
import { LatestTexts } from "../src/decode/latest-texts.ts";
import { idAt, timeOf } from "../src/decode/snowflakes.ts";
import { contextOf, decode, event, fixture, fixtureNames, ids } from "./fixtures.ts";

const platform = "discord";

test.each(fixtureNames)("%s is read without loss as JSON, and never as what cannot be read", (name) => {
  const events = decode(name);
  expect(JSON.parse(JSON.stringify(events))).toEqual(events);
  expect(events.filter((one) => one.type === "other" && one.undecodable === true)).toEqual([]);
});

describe("A message", () => {
  test("to the bot alone is meant for it, and says who speaks, where and when", () => {
    expect(event("direct-message")).toEqual({
      version: 1,
      type: "message",
      eventId: `message:${ids.message}`,
      chat: { ref: { platform, chatId: ids.direct }, type: "dm", name: "Ada" },
      origin: {
        message: { platform, chatId: ids.direct, messageId: ids.message },
        author: { id: ids.ada, name: "Ada", isBot: false, assurance: "platform" },
        lifetime: "durable",
      },
      at: "2026-01-01T10:00:00.123Z",
      messageId: ids.message,
      text: "hello",
      addressed: true,
      attachments: [],
    });
  });

  test("in a channel has its server's name and roles of the person, and is meant for nobody", () => {
    expect(event("channel-chatter")).toMatchObject({
      addressed: false,
      chat: { ref: { platform, chatId: ids.general }, type: "group", name: "general" },
      origin: { author: { id: ids.ada, name: "Countess", roles: [ids.role] } },
    });
  });

  test("that mentions the bot is meant for it, without the mention; other names can be read", () => {
    expect(event("mention")).toMatchObject({
      addressed: true,
      text: "what is #general, @Ada? :party: 2026-01-01 10:00 UTC /tea",
    });
  });

  test("that mentions the bot's own role is meant for it", () => {
    expect(event("role-mention")).toMatchObject({ addressed: true, text: "tea" });
  });

  test("to everybody is not", () => {
    expect(event("mention-of-everyone")).toMatchObject({ addressed: false, forOthers: true, text: "@everyone tea" });
  });

  test.each([
    ["another person", { mentions: [{ id: "1001000000000000043", username: "bob" }] }],
    ["a role", { mention_roles: [ids.role] }],
    ["everybody", { mention_everyone: true }],
    [
      "the author of what it answers",
      { referenced_message: { id: "1001000000000000099", content: "?", author: { id: "1001000000000000043", username: "bob" } } },
    ],
  ])("that names %s and not the bot is for others; with the bot's name it is not", (_whom, change) => {
    const said = { ...(fixture("thread-message").d as { mentions: object[] }), ...change };
    const read = (message: object) => decodeDispatch("MESSAGE_CREATE", message, contextOf())[0];
    expect(read(said)).toMatchObject({ addressed: false, forOthers: true });
    const both = read({ ...said, mentions: [...said.mentions, { id: ids.bot, username: "hermes" }] });
    expect(both).toMatchObject({ addressed: true });
    expect(both).not.toHaveProperty("forOthers");
  });

  test("that names nobody but who says it is for nobody else", () => {
    const said = fixture("thread-message").d as object;
    const itself = { mentions: [{ id: ids.ada, username: "ada" }] };
    expect(decodeDispatch("MESSAGE_CREATE", { ...said, ...itself }, contextOf())[0]).not.toHaveProperty("forOthers");
  });

  test("keeps numbers in code as they are", () => {
    expect(event("mention-in-code")).toMatchObject({ text: `say \`<@${ids.ada}>\` and\n\`\`\`\n<#${ids.general}>\n\`\`\`` });
  });

  test.each([
    ["reply-to-bot", { addressed: true, replyTo: { text: "**Because.**", ofBot: true } }],
    ["reply-to-person", { addressed: false, replyTo: { text: "ask @Ada", ofBot: false } }],
  ])("that answers another (%s) says which", (name, expected) => {
    expect(event(name)).toMatchObject(expected);
  });

  test("that answers one that is gone is a message like any other", () => {
    expect(event("reply-to-deleted")).not.toHaveProperty("replyTo");
  });

  test("in a thread or a forum's post is in its parent's chat", () => {
    expect(event("thread-message").chat).toMatchObject({ ref: { chatId: ids.general, threadId: ids.thread }, type: "group" });
    expect(event("forum-post").chat).toMatchObject({ ref: { chatId: ids.forum, threadId: ids.post }, type: "group" });
  });

  test.each([
    ["picture", { kind: "image", name: "tea.png", mimeType: "image/png", sizeBytes: 1234 }],
    ["voice-message", { kind: "voice", mimeType: "audio/ogg" }],
    ["sticker", { kind: "sticker", name: "wave.gif", mimeType: "image/gif" }],
    ["forwarded", { kind: "image", name: "tea.png" }],
  ])("brings its files: %s", (name, attachment) => {
    expect(event(name)).toMatchObject({ type: "message", attachments: [attachment] });
  });

  test.each([
    ["forwarded", "[Forwarded]\n> first\n> second"],
    ["poll", "[Poll] Tea?\n- Green\n- Black"],
    ["webhook-with-embed", "Build 7\nhttps://builds.example/7\nIt failed\nBranch: main"],
    ["link-preview-of-person", "https://tea.example"],
  ])("can be read whatever it is made of: %s", (name, text) => {
    expect(event(name)).toMatchObject({ type: "message", text });
  });

  test.each(["another-bot", "webhook-with-embed"])("of a machine is flagged: %s", (name) => {
    expect(event(name).origin.author.isBot).toBe(true);
  });

  test.each(["own-message", "own-interaction-answer", "own-reaction"])("of the bot itself never arrives: %s", (name) => {
    expect(decode(name)).toEqual([]);
  });

  test.each([
    ["member-joined", "message-type-7"],
    ["thread-starter", "message-type-21"],
    ["nothing-to-read", "empty-message"],
  ])("of Discord's own is none: %s", (name, kind) => {
    expect(event(name)).toMatchObject({ type: "other", name: kind });
  });
});

describe("Whoever addresses the bot", () => {
  test("is answered in a thread that has the message's id, where that is wanted", () => {
    const { chat, origin } = event("mention", { autoThread: true });
    expect(chat.ref).toEqual({ platform, chatId: ids.general, threadId: ids.message });
    expect(chat.facts).toEqual({ opensThread: "what is #general, @Ada? :party: 2026-01-01 10:00 UTC /tea" });
    // The message itself stands in the channel.
    expect(origin.message).toEqual({ platform, chatId: ids.general, messageId: ids.message });
  });

  test.each(["direct-message", "thread-message", "forum-post", "channel-chatter"])(
    "is answered where it is said otherwise: %s",
    (name) => {
      expect(event(name, { autoThread: true }).chat).toEqual(event(name).chat);
    },
  );

  test("is known by that thread when the message is deleted or reacted to", () => {
    const context = contextOf();
    context.directory.noteChannel({ id: ids.message, type: 11, parent_id: ids.general }, ids.guild);
    const { t, d } = fixture("deleted");
    expect(decodeDispatch(t, d, context)[0]?.chat.ref).toEqual({ platform, chatId: ids.general, threadId: ids.message });
  });
});

describe("What happens to messages:", () => {
  test("an edit, named by when it was made", () => {
    const { eventId, at } = event("edited");
    expect([eventId, at]).toEqual([`edit:${ids.message}:1767261900456`, "2026-01-01T10:05:00.456Z"]);
    expect(event("edited")).toMatchObject({ type: "edit", text: "hello again" });
  });

  test.each(["preview-resolved", "partial-update"])("none where the text stays: %s", (name) => {
    expect(decode(name)).toEqual([]);
  });

  test("an edit that says what is known already is none, and one that is told again gets the same answer", () => {
    const texts = new LatestTexts();
    const message = event("channel-chatter");
    const edit = event("edited");
    const same = { ...edit, eventId: "edit:again", text: "hello" } as typeof edit;
    expect(texts.changed([message, same])).toEqual([message]);
    expect(texts.changed([edit])).toEqual([edit]);
    expect(texts.changed([edit])).toEqual([edit]);
    expect(texts.authorOf(ids.message)?.id).toBe(ids.ada);
  });

  test("deletions, one or many, of whom is remembered", () => {
    const author = { id: ids.ada, isBot: false, assurance: "platform" } as const;
    expect(event("deleted", { authorOf: () => author })).toMatchObject({
      type: "delete",
      messageIds: [ids.message],
      origin: { author },
    });
    expect(event("deleted-in-bulk")).toMatchObject({ type: "delete", messageIds: [ids.message, "1456225438416830463"] });
  });

  test.each([
    ["reaction-added", { emoji: "👍", added: true, messageId: ids.message }],
    ["reaction-removed", { emoji: "👍", added: false }],
    ["reaction-with-own-emoji", { emoji: ":party:", added: true }],
    ["reaction-with-deleted-emoji", { type: "other", name: "reaction" }],
  ])("%s", (name, expected) => {
    expect(event(name)).toMatchObject(expected);
  });

  test("the same reaction put there twice is two events, told twice is one", () => {
    expect(event("reaction-added").eventId).toBe(event("reaction-added").eventId);
    expect(event("reaction-added", { occurrence: "session:8" }).eventId).not.toBe(event("reaction-added").eventId);
  });
});

describe("What people set off:", () => {
  test.each([
    ["slash-command", { type: "command", name: "tea", arguments: "green, two sugars", chat: { ref: { chatId: ids.general } } }],
    [
      "slash-command-in-private",
      { type: "command", name: "help", arguments: "", chat: { type: "dm", ref: { chatId: ids.direct } } },
    ],
    ["button-pressed", { type: "action", token: "yes-token", messageId: ids.message }],
    ["choice-made", { type: "action", token: "choose", values: ["green", "black"] }],
    ["menu-command", { type: "other", name: "interaction-type-2" }],
    ["autocomplete", { type: "other", name: "interaction-type-4" }],
  ])("%s", (name, expected) => {
    expect(event(name)).toMatchObject(expected);
  });

  test("its token is in what settles it, and nowhere else", () => {
    for (const name of ["slash-command", "menu-command", "button-pressed", "autocomplete"]) {
      const found = event(name);
      const { interaction: _, ...rest } = found as typeof found & { readonly interaction?: unknown };
      expect(JSON.stringify(rest)).not.toContain("FAKE-INTERACTION-TOKEN");
    }
  });
});

test.each(["channel-deleted", "thread-deleted"])("Where the bot can talk no more is told: %s", (name) => {
  expect(event(name)).toMatchObject({ type: "membership", change: "bot-removed" });
});

test("Anything at all is read without throwing, and kept small", () => {
  const names = [
    "MESSAGE_CREATE",
    "MESSAGE_UPDATE",
    "MESSAGE_DELETE",
    "MESSAGE_REACTION_ADD",
    "INTERACTION_CREATE",
    "CHANNEL_DELETE",
    "?",
  ];
  fc.assert(
    fc.property(fc.constantFrom(...names), fc.jsonValue({ maxDepth: 4 }), (name, data) => {
      const events = decodeDispatch(name, data, contextOf());
      expect(JSON.stringify(events).length).toBeLessThan(10_000);
    }),
  );
});

test("A message that one field is wrong of is read or marked, never lost", () => {
  const { d } = fixture("mention");
  const fields = Object.keys(d as object);
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.jsonValue({ maxDepth: 2 }), (field, value) => {
      const events = decodeDispatch("MESSAGE_CREATE", { ...(d as object), [field]: value }, contextOf());
      expect(events).toHaveLength(1);
    }),
    { examples: [["content", 7]] },
  );
});

test("A snowflake says when it was made", () => {
  // The example of Discord's reference.
  expect(new Date(timeOf("175928847299117063")).toISOString()).toBe("2016-04-30T11:18:25.796Z");
  expect(timeOf(idAt(1_767_225_600_123))).toBe(1_767_225_600_123);
});
