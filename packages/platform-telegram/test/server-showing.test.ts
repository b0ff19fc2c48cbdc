import { describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { refusal, start } from "./grammy-client.ts";
import { loadSpecification } from "./server.ts";

closeAfterEach();

const keyboard = (data: string, text = "Yes"): { inline_keyboard: { text: string; callback_data: string }[][] } => ({
  inline_keyboard: [[{ text, callback_data: data }]],
});

describe("driven by grammY, the server", () => {
  test("shows buttons, takes them away with an edit that names none, and refuses what no button holds", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const message = await bot.api.sendMessage(42, "Sure?", { reply_markup: keyboard("yes") });
    expect(message.reply_markup).toEqual(keyboard("yes"));
    const same = bot.api.editMessageReplyMarkup(42, message.message_id, { reply_markup: keyboard("yes") });
    expect((await refusal(same)).description).toContain("message is not modified");
    const edited = await bot.api.editMessageText(42, message.message_id, "Sure.");
    expect(edited).not.toHaveProperty("reply_markup");
    const send = (data: string, text?: string): Promise<unknown> =>
      bot.api.sendMessage(42, "x", { reply_markup: keyboard(data, text) });
    expect((await refusal(send("x".repeat(65)))).description).toBe("Bad Request: BUTTON_DATA_INVALID");
    expect((await refusal(send("x", " "))).description).toContain("button text must be non-empty");
    expect(server.violations).toEqual([]);
  });

  test("takes the answer to a press once, and not for a press it does not know", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const message = await bot.api.sendMessage(42, "Sure?", { reply_markup: keyboard("yes") });
    const id = server.press(message, "yes");
    const [update] = await bot.api.getUpdates();
    expect(update?.callback_query).toMatchObject({ id, data: "yes", from: { id: 42 } });
    expect((await refusal(bot.api.answerCallbackQuery(id, { text: "x".repeat(201) }))).description).toContain("MESSAGE_TOO_LONG");
    await bot.api.answerCallbackQuery(id, { text: "Done" });
    expect(server.answeredCallbacks).toEqual([{ callback_query_id: id, text: "Done" }]);
    expect((await refusal(bot.api.answerCallbackQuery(id))).description).toContain("query is too old");
  });

  test("takes typing and commands, by scope and language, and refuses bad ones", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    await bot.api.sendChatAction(42, "typing");
    expect(server.chatActions).toEqual([{ chat_id: 42, action: "typing" }]);
    const help = [{ command: "help", description: "Help" }];
    await bot.api.setMyCommands(help);
    expect(await bot.api.getMyCommands()).toEqual(help);
    expect(await bot.api.getMyCommands({ language_code: "de" })).toEqual([]);
    const refuse = async (command: string, description = "x"): Promise<string> =>
      (await refusal(bot.api.setMyCommands([{ command, description }]))).description;
    expect(await refuse("Bad Name")).toBe("Bad Request: BOT_COMMAND_INVALID");
    expect(await refuse("fine", "")).toBe("Bad Request: BOT_COMMAND_DESCRIPTION_INVALID");
    const many = Array.from({ length: 101 }, (_, index) => ({ command: `c${index}`, description: "x" }));
    expect((await refusal(bot.api.setMyCommands(many))).description).toBe("Bad Request: BOT_COMMANDS_TOO_MUCH");
    expect(server.violations).toEqual([]);
  });

  test("has one reaction of the bot on a message, of those that Telegram knows", async () => {
    const { bot, server } = await start();
    const { message_id: id } = server.say("hello");
    await bot.api.setMessageReaction(42, id, [{ type: "emoji", emoji: "👀" }]);
    expect(server.world.chats.get(42)?.reactions.get(id)).toBe("👀");
    const two = [
      { type: "emoji" as const, emoji: "👍" as const },
      { type: "emoji" as const, emoji: "👎" as const },
    ];
    expect((await refusal(bot.api.setMessageReaction(42, id, two))).description).toBe("Bad Request: REACTIONS_TOO_MANY");
    const unknown = [{ type: "emoji" as const, emoji: "✅" as "👍" }];
    expect((await refusal(bot.api.setMessageReaction(42, id, unknown))).description).toBe("Bad Request: REACTION_INVALID");
    expect((await refusal(bot.api.setMessageReaction(42, 99, []))).description).toBe("Bad Request: message to react not found");
    await bot.api.setMessageReaction(42, id, []);
    expect(server.world.chats.get(42)?.reactions.size).toBe(0);
  });

  test("shows a draft in a private chat until a message comes, and nowhere else", async () => {
    const { bot, server } = await start();
    const { drafts } = server.world.ensure(42);
    await bot.api.sendMessageDraft(42, 7, "");
    expect(drafts.get(7)?.content).toEqual({ text: "" });
    await bot.api.sendMessageDraft(42, 7, "Hel", { can_stop: true });
    expect(drafts.get(7)).toMatchObject({ content: { text: "Hel" }, canStop: true });
    expect((await refusal(bot.api.sendMessageDraft(42, 0, "x"))).description).toContain("draft_id");
    server.world.ensure(-100_200);
    expect((await refusal(bot.api.sendMessageDraft(-100_200, 7, "x"))).description).toBe("Bad Request: TEXTDRAFT_PEER_INVALID");
    await bot.api.sendMessage(42, "Hello");
    expect(drafts.size).toBe(0);
    expect(server.violations).toEqual([]);
  });

  test("makes topics where there are any and the bot may", async () => {
    const { bot, server } = await start();
    const forum = server.addChat({ id: -100_200, type: "supergroup", title: "Forum", is_forum: true });
    const topic = await bot.api.createForumTopic(-100_200, "Plans");
    const message = await bot.api.sendMessage(-100_200, "x", { message_thread_id: topic.message_thread_id });
    expect(message.message_thread_id).toBe(topic.message_thread_id);
    forum.forbidsTopics = true;
    expect((await refusal(bot.api.createForumTopic(-100_200, "x"))).description).toContain("not enough rights");
    server.world.ensure(42);
    expect((await refusal(bot.api.createForumTopic(42, "x"))).description).toBe("Bad Request: the chat is not a forum");
    expect((await refusal(bot.api.createForumTopic(-100_200, "x".repeat(129)))).description).toContain("TOPIC_TITLE_TOO_LONG");
  });

  test("is an older one where a method is missing", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    server.missing.add("sendmessagedraft");
    const error = await refusal(bot.api.sendMessageDraft(42, 7, "x"));
    expect([error.error_code, error.description]).toEqual([404, "Not Found: method not found"]);
  });

  test("refuses what comes faster than it takes, where a test wants that", async () => {
    let nowMs = 1_767_225_600_000;
    const { bot, server } = await start({ nowMs: () => nowMs });
    server.world.ensure(42);
    server.world.ensure(-5);
    await bot.api.sendMessage(42, "one");
    await bot.api.sendMessage(42, "two");
    server.rates.isOn = true;
    await bot.api.sendMessage(42, "three");
    expect((await refusal(bot.api.sendMessage(42, "four"))).parameters).toEqual({ retry_after: 1 });
    nowMs += 1000;
    const { message_id: id } = await bot.api.sendMessage(42, "four");
    expect((await refusal(bot.api.editMessageText(42, id, "4"))).error_code).toBe(429);
    for (let count = 0; count < 20; count++) await bot.api.sendMessage(-5, `${count}`);
    expect((await refusal(bot.api.sendMessage(-5, "too many"))).parameters).toEqual({ retry_after: 60 });
    for (let person = 100; person < 109; person++) {
      server.world.ensure(person);
      await bot.api.sendMessage(person, "x");
    }
    server.world.ensure(200);
    expect((await refusal(bot.api.sendMessage(200, "x"))).parameters).toEqual({ retry_after: 1 });
  });
});

const specification = loadSpecification();

describe.runIf(specification !== undefined)("held against the description of the Bot API, the server", () => {
  test("answers about buttons and topics in its types, and knows that generation can be stopped", async () => {
    const { bot, server } = await start();
    server.addChat({ id: -100_200, type: "supergroup", title: "Forum", is_forum: true });
    const check = (type: string, value: unknown): void => expect(specification?.value(type, value)).toBeUndefined();
    check("ForumTopic", await bot.api.createForumTopic(-100_200, "Plans"));
    const message = await bot.api.sendMessage(-100_200, "x", { reply_markup: keyboard("yes") });
    check("Message", message);
    server.press(message, "yes");
    const chat = { id: 42, type: "private" as const, first_name: "Ada" };
    server.push({ stopped_message_generation: { chat, draft_id: 7 } });
    const updates = await bot.api.getUpdates();
    expect(updates).toHaveLength(2);
    for (const update of updates) check("Update", update);
  });
});
