import type { ActionEvent, Chat } from "@hermes/core";
import * as fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { capabilityTable } from "../src/capabilities.ts";
import { decodeUpdate } from "../src/decode.ts";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, group, options, saying, topic, type ConnectedBot } from "./connected-bot.ts";
import { context } from "./fixtures.ts";

closeAfterEach();

let bot: ConnectedBot;

beforeEach(async () => {
  bot = await connectBot();
});

const yesOrNo = [
  [
    { label: "Yes", token: "yes", style: "primary" },
    { label: "No", token: "no", style: "danger" },
  ],
] as const;

describe("buttons", () => {
  test("stand under the message, are pressed, and the press is answered", async () => {
    const [ref] = await bot.connection.send(ada, { ...saying("Sure?"), actions: yesOrNo }, options);
    const message = bot.server.world.chats.get(42)?.messages.get(Number(ref.messageId));
    if (message === undefined) return expect.unreachable("the message stands there");
    const id = bot.server.press(message, "yes");
    const [update] = bot.server.updates.pending;
    const [event] = decodeUpdate(update, context);
    expect(event).toMatchObject({ type: "action", token: "yes", interaction: id, messageId: ref.messageId });
    await bot.connection.settleAction?.(event as ActionEvent, { notice: "Noted" });
    expect(bot.server.answeredCallbacks).toEqual([{ callback_query_id: id, text: "Noted" }]);
    expect(bot.server.violations).toEqual([]);
  });

  test("go with an edit that has none, and are changed without a word", async () => {
    const [ref] = await bot.connection.send(ada, { ...saying("Sure?"), actions: yesOrNo }, options);
    const keyboard = (): unknown => bot.server.world.chats.get(42)?.messages.get(1)?.reply_markup;
    await bot.connection.edit?.(ref, { ...saying(), actions: [[{ label: "Why", token: "why" }]] }, options);
    expect(keyboard()).toEqual({ inline_keyboard: [[{ text: "Why", callback_data: "why" }]] });
    await bot.connection.edit?.(ref, saying("Sure."), options);
    expect(keyboard()).toBeUndefined();
    expect(bot.server.texts(42)).toEqual(["Sure."]);
  });

  test("of a message that is gone, or too old to be seen, say so", async () => {
    const gone = { ...ada.ref, messageId: "99" };
    const error = await failed(bot.connection.edit?.(gone, saying(), options));
    expect(error.failure).toEqual({ kind: "not-found", what: "message" });
  });

  test.each([
    ["a token of more than 64 bytes", [[{ label: "x", token: "ü".repeat(33) }]], "66 bytes"],
    ["no token", [[{ label: "x", token: "" }]], "0 bytes"],
    ["no label", [[{ label: " ", token: "x" }]], "no label"],
    ["more than a hundred", [Array.from({ length: 101 }, () => ({ label: "x", token: "x" }))], "more than 100"],
  ])("with %s are refused before calling", async (_name, actions, why) => {
    const error = await failed(bot.connection.send(ada, { ...saying("x"), actions }, options));
    expect(error).toMatchObject({ failure: { kind: "invalid" }, message: expect.stringContaining(why) as unknown });
    expect(bot.server.callsOf("sendMessage")).toEqual([]);
  });
});

describe("the answer to a press", () => {
  const press = (interaction?: string): ActionEvent =>
    ({ type: "action", token: "x", ...(interaction === undefined ? {} : { interaction }) }) as ActionEvent;

  test("that comes too late, or twice, is no failure", async () => {
    await bot.connection.settleAction?.(press("77"), { notice: "late" });
    expect(bot.server.callsOf("answerCallbackQuery")).toHaveLength(1);
  });

  test("is not given where nothing waits for one", async () => {
    await bot.connection.settleAction?.(press(), {});
    expect(bot.server.callsOf("answerCallbackQuery")).toEqual([]);
  });

  test("fits, whatever the notice says", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "binary", maxLength: 300 }), async (notice) => {
        bot.server.openCallbacks.add("5");
        await bot.connection.settleAction?.(press("5"), { notice: notice.repeat(3) });
        const { text = "" } = bot.server.answeredCallbacks.at(-1) as { readonly text?: string };
        expect(text.length).toBeLessThanOrEqual(200);
        expect(text.isWellFormed()).toBe(true);
      }),
      { numRuns: 50 },
    );
    expect(bot.server.openCallbacks.size).toBe(0);
  });
});

describe("a reaction", () => {
  const reactions = (): Map<number, string> | undefined => bot.server.world.chats.get(42)?.reactions;

  test("is shown and taken away; each that Telegram has is taken", async () => {
    const ref = { ...ada.ref, messageId: String(bot.server.say("hello").message_id) };
    for (const emoji of capabilityTable.reactions.allowed) {
      await bot.connection.react?.(ref, emoji, true);
      expect(reactions()?.get(1)).toBe(emoji);
    }
    await bot.connection.react?.(ref, "😡", false);
    expect(reactions()?.size).toBe(0);
    expect(bot.server.violations).toEqual([]);
  });

  test("that Telegram does not have is shown by one that it has, and any other refused with what to do", async () => {
    const ref = { ...ada.ref, messageId: String(bot.server.say("hello").message_id) };
    for (const [emoji, shown] of [
      ["✅", "👍"],
      ["❌", "👎"],
      ["⏳", "👀"],
      ["❤️", "❤"],
    ] as const) {
      await bot.connection.react?.(ref, emoji, true);
      expect(reactions()?.get(1)).toBe(shown);
    }
    const error = await failed(bot.connection.react?.(ref, "🧭", true));
    expect(error).toMatchObject({ failure: { kind: "invalid" }, message: expect.stringContaining("try 👍") as unknown });
  });

  test("that replaced another is not taken away with it", async () => {
    const ref = { ...ada.ref, messageId: String(bot.server.say("hello").message_id) };
    await bot.connection.react?.(ref, "⏳", true);
    await bot.connection.react?.(ref, "✅", true);
    await bot.connection.react?.(ref, "⏳", false);
    expect(reactions()?.get(1)).toBe("👍");
    await bot.connection.react?.(ref, "✅", false);
    expect(reactions()?.size).toBe(0);
  });

  test("to a message that is gone says so", async () => {
    const error = await failed(bot.connection.react?.({ ...ada.ref, messageId: "99" }, "👍", true));
    expect(error.failure).toEqual({ kind: "not-found", what: "message" });
  });
});

describe("the menu of commands", () => {
  test("has what Telegram can show, and the log names the rest", async () => {
    await bot.connection.publishCommands?.([
      { name: "Help", description: "  What there is  " },
      { name: "new-chat", description: "A name with a dash" },
      { name: "help", description: "Twice" },
      { name: "quiet", description: " " },
      { name: "long", description: "x".repeat(300) },
    ]);
    expect(bot.server.commandLists.get("default")).toEqual([
      { command: "help", description: "What there is" },
      { command: "long", description: `${"x".repeat(255)}…` },
    ]);
    expect(bot.host.logs).toEqual([
      "Telegram's menu of commands cannot show new-chat, help, quiet; they can be typed all the same",
    ]);
  });

  test("ends at a hundred", async () => {
    const commands = Array.from({ length: 101 }, (_, index) => ({ name: `c${index}`, description: "x" }));
    await bot.connection.publishCommands?.(commands);
    expect(bot.server.commandLists.get("default")).toHaveLength(100);
    expect(bot.host.logs[0]).toContain("cannot show c100;");
  });
});

describe("a topic", () => {
  const create = (chat: Chat): unknown => bot.connection.capabilitiesFor?.(chat).threads;

  test("is opened in a forum and written to", async () => {
    expect(create(group)).toEqual({ create: true });
    const chat = await bot.connection.openThread?.(group.ref, "  Holiday\nplans ");
    if (chat === undefined) return expect.unreachable("a forum has topics");
    expect(chat).toMatchObject({ type: "group", name: "Holiday plans", ref: { chatId: "-1001", threadId: "1" } });
    expect(bot.server.callsOf("createForumTopic")).toEqual([{ chat_id: -1001, name: "Holiday plans" }]);
    await bot.connection.openThread?.({ ...topic.ref, messageId: "1" }, "x".repeat(200));
    expect(String(bot.server.callsOf("createForumTopic")[1]?.["name"])).toHaveLength(128);
  });

  test("is not offered any more where the bot lacks the right, nor where there are none", async () => {
    bot.server.world.ensure(-1001).forbidsTopics = true;
    expect((await failed(bot.connection.openThread?.(group.ref, "x"))).failure).toEqual({ kind: "forbidden" });
    expect(create(group)).toEqual({ create: false });
    expect(create({ ...group, facts: {} })).toEqual({ create: false });
    expect(create({ ...group, type: "channel" })).toEqual({ create: false });
    expect(create(ada)).toEqual({ create: false });
  });

  test("is opened in a private chat where the bot has topics there", async () => {
    const other = await connectBot({}, (server) => Object.assign(server.bot, { has_topics_enabled: true }));
    expect(other.connection.capabilitiesFor?.(ada).threads).toEqual({ create: true });
    const chat = await other.connection.openThread?.(ada.ref, "Plans");
    expect(chat).toMatchObject({ type: "dm", ref: { chatId: "42", threadId: "1" } });
  });
});
