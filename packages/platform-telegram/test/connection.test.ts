import { inspect } from "node:util";
import type { Connection, Failure } from "@hermes/core";
import { beforeEach, describe, expect, test } from "vitest";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, group, options, saying, topic } from "./connected-bot.ts";
import type { RecordingHost } from "@hermes/testkit";
import type { BotApiServer, Fault } from "./server.ts";

closeAfterEach();

let server: BotApiServer;
let host: RecordingHost;
let connection: Connection;

beforeEach(async () => {
  ({ server, host, connection } = await connectBot());
});

describe("sending", () => {
  test("shows the text as Telegram does and returns where it stands", async () => {
    const sent = await connection.send(ada, saying("**Hello** `x`"), options);
    expect(sent).toEqual([{ platform: "telegram", chatId: "42", messageId: "1" }]);
    expect(server.world.chats.get(42)?.messages.get(1)).toMatchObject({
      text: "Hello x",
      entities: [
        { type: "bold", offset: 0, length: 5 },
        { type: "code", offset: 6, length: 1 },
      ],
    });
    expect(server.repairs).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test("goes into the topic; into the General topic without its number", async () => {
    await connection.send(topic, saying("in a topic"), options);
    await connection.send({ ...topic, ref: { ...topic.ref, threadId: "1" } }, saying("in General"), options);
    expect(server.callsOf("sendMessage")).toEqual([
      { chat_id: -1001, message_thread_id: 5, text: "in a topic" },
      { chat_id: -1001, text: "in General" },
    ]);
  });

  test("quotes what it answers, and goes out also when that is gone", async () => {
    const question = server.say("question");
    const quote = { ...ada.ref, messageId: String(question.message_id) };
    const [answer] = await connection.send(ada, saying("answer"), { ...options, quote });
    const reply = server.world.chats.get(42)?.messages.get(Number(answer.messageId));
    expect(reply?.reply_to_message?.message_id).toBe(question.message_id);
    await connection.send(ada, saying("late"), { ...options, quote: { ...quote, messageId: "99" } });
    expect(server.texts(42, "bot")).toEqual(["answer", "late"]);
  });

  test("is silent when it shall be", async () => {
    await connection.send(ada, saying("psst"), { ...options, silent: true });
    expect(server.callsOf("sendMessage")).toEqual([{ chat_id: 42, text: "psst", disable_notification: true }]);
  });

  test("pings nobody in a group whom the caller did not name", async () => {
    await connection.send(group, saying("hi @someone and [A](tg://user?id=7)"), options);
    const [message] = server.world.chats.get(-1001)?.messages.values() ?? [];
    expect(message?.entities).toEqual([{ type: "code", offset: 3, length: 8 }]);
    await connection.send(group, saying("hi [A](tg://user?id=7)"), { ...options, mentions: ["7"] });
    expect(server.callsOf("sendMessage")[1]).toMatchObject({ entities: [{ type: "text_link", url: "tg://user?id=7" }] });
    await connection.send(ada, saying("ask @BotFather"), options);
    expect(server.callsOf("sendMessage")[2]).not.toHaveProperty("entities");
  });

  test("pings nobody in a group either where Telegram does not take the markup", async () => {
    const refused = { type: "error", code: 400, description: "Bad Request: can't parse entities" } as const;
    server.fail("sendMessage", refused);
    await connection.send(group, saying("hi @someone, a@example.com"), options);
    expect(server.texts(-1001, "bot")).toEqual(["hi ＠someone, a@example.com"]);
    const [message] = server.world.chats.get(-1001)?.messages.values() ?? [];
    expect(message?.entities?.filter(({ type }) => type === "mention") ?? []).toEqual([]);
    server.fail("sendMessage", refused);
    await connection.send(ada, saying("**hi** @someone"), options);
    expect(server.texts(42, "bot")).toEqual(["hi @someone"]);
  });

  test.each([
    ["an empty text", saying(""), "the text is empty"],
    ["whitespace", saying(" \n\u200B\u3000"), "the text is empty"],
    ["no text", saying(), "expected one text, got 0"],
    ["two texts", saying("a", "b"), "expected one text, got 2"],
  ])("refuses %s before calling", async (_name, message, why) => {
    const error = await failed(connection.send(ada, message, options));
    expect(error.failure.kind).toBe("invalid");
    expect(error.message).toBe(`[telegram] Cannot send: ${why}`);
    expect(server.callsOf("sendMessage")).toEqual([]);
  });

  test("takes 4096 characters as they will stand there and refuses one more where there are no rich messages", async () => {
    await connection.send(ada, saying(`**${"x".repeat(4096)}**`), options);
    server.missing.add("sendrichmessage");
    const error = await failed(connection.send(ada, saying("x".repeat(4097)), options));
    expect(error.failure.kind).toBe("too-long");
    expect(error.maybeDone).toBe(false);
    expect(server.texts(42).map((text) => text.length)).toEqual([4096]);
  });

  test("refuses a chat that is none of Telegram's", async () => {
    for (const chatId of ["@channel", "", "0", "12x", "1".repeat(20)]) {
      const error = await failed(connection.send({ ...ada, ref: { ...ada.ref, chatId } }, saying("x"), options));
      expect(error.failure.kind).toBe("invalid");
    }
    expect(server.callsOf("sendMessage")).toEqual([]);
  });

  test("keeps what is for one person's eyes out of groups", async () => {
    const error = await failed(connection.send(group, saying("secret"), { ...options, visibleTo: "42" }));
    expect(error.failure.kind).toBe("invalid");
    await connection.send(ada, saying("secret"), { ...options, visibleTo: "42" });
    expect(server.texts(-1001)).toEqual([]);
  });

  test("follows a group that became a supergroup", async () => {
    server.addChat({ id: -7, type: "group", title: "Old" }).migratedTo = -1001;
    const [sent] = await connection.send({ ...group, ref: { ...group.ref, chatId: "-7" } }, saying("hello"), options);
    expect(sent).toEqual({ platform: "telegram", chatId: "-1001", messageId: "1" });
    expect(server.texts(-1001)).toEqual(["hello"]);
  });

  test("sends the same text plainly, links and all, when Telegram cannot read the markup", async () => {
    server.fail("sendMessage", {
      type: "error",
      code: 400,
      description: 'Bad Request: can\'t parse entities: Unsupported start tag "private" at byte offset 1',
    });
    await connection.send(ada, saying("**bold** [link](https://example.com/)"), options);
    expect(server.texts(42)).toEqual(["bold link (https://example.com/)"]);
    expect(server.callsOf("sendMessage")[1]).not.toHaveProperty("entities");
    expect(host.logs).toEqual(["Telegram could not read the markup of a message; it was sent as plain text"]);
  });

  test("tries plain text once, and tells nobody what stood in it", async () => {
    const fault: Fault = { type: "error", code: 400, description: 'Bad Request: can\'t parse entities: near "private words"' };
    server.fail("sendMessage", fault, 2);
    const error = await failed(connection.send(ada, saying("**bold**"), options));
    expect(error.failure.kind).toBe("invalid");
    expect(server.callsOf("sendMessage")).toHaveLength(2);
    expect(inspect(error)).not.toContain("private words");
  });
});

describe("what stands there", () => {
  test("is edited, and an edit that changes nothing says so", async () => {
    const [ref] = await connection.send(ada, saying("first"), options);
    await connection.edit?.(ref, saying("**second**"), options);
    expect(server.texts(42)).toEqual(["second"]);
    expect((await failed(connection.edit?.(ref, saying("**second**"), options))).failure).toEqual({ kind: "not-modified" });
  });

  test("is not found when it is gone, or is somebody else's", async () => {
    const gone = { ...ada.ref, messageId: "99" };
    const theirs = { ...ada.ref, messageId: String(server.say("mine").message_id) };
    const missing: Failure = { kind: "not-found", what: "message" };
    expect((await failed(connection.edit?.(gone, saying("x"), options))).failure).toEqual(missing);
    expect((await failed(connection.edit?.(theirs, saying("x"), options))).failure).toEqual(missing);
    expect((await failed(connection.remove?.(gone))).failure).toEqual(missing);
  });

  test("is removed within 48 hours, and not after", async () => {
    const [ref] = await connection.send(ada, saying("first"), options);
    await connection.remove?.(ref);
    expect(server.texts(42)).toEqual([]);
    const [old] = await connection.send(ada, saying("old"), options);
    const message = server.world.chats.get(42)?.messages.get(Number(old.messageId));
    if (message !== undefined) message.date -= 49 * 60 * 60;
    expect((await failed(connection.remove?.(old))).failure.kind).toBe("forbidden");
  });

  test("is announced by typing, in the topic, the General one by its number", async () => {
    await connection.setTyping?.(ada, { active: true });
    await connection.setTyping?.(topic, { active: true });
    await connection.setTyping?.({ ...topic, ref: { ...topic.ref, threadId: "1" } }, { active: true });
    await connection.setTyping?.(ada, { active: false });
    expect(server.chatActions).toEqual([
      { chat_id: 42, action: "typing" },
      { chat_id: -1001, message_thread_id: 5, action: "typing" },
      { chat_id: -1001, message_thread_id: 1, action: "typing" },
    ]);
  });

  test("is edited three times more slowly in groups", () => {
    expect(connection.capabilitiesFor?.(ada).edit).toEqual({ minIntervalMs: 1100 });
    expect(connection.capabilitiesFor?.(group).edit).toEqual({ minIntervalMs: 3100 });
  });
});
