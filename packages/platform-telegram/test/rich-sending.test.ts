import { describe, expect, test } from "vitest";
import { measure } from "../src/encode.ts";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, group, options, saying } from "./connected-bot.ts";

closeAfterEach();

const plan = "# Plan\n\n| step | who |\n|---|---|\n| one | [Ada](tg://user?id=7) |\n";

describe("a text that words alone cannot show", () => {
  test("is sent as a rich message, and edited as one", async () => {
    const { server, connection } = await connectBot();
    const [ref] = await connection.send(ada, saying(plan), options);
    expect(server.callsOf("sendRichMessage").at(-1)).toMatchObject({
      chat_id: 42,
      rich_message: { skip_entity_detection: true },
    });
    expect(server.texts(42)[0]).toContain("Plan\n");
    await connection.edit?.(ref, saying(`${plan}\nmore`), options);
    expect(server.texts(42)[0]).toContain("more");
    expect((await failed(connection.edit?.(ref, saying(`${plan}\nmore`), options))).failure).toEqual({ kind: "not-modified" });
    await connection.edit?.(ref, saying("plain again"), options);
    expect(server.texts(42)).toEqual(["plain again"]);
    expect(server.violations).toEqual([]);
  });

  test("pings nobody in a group whom the caller did not name", async () => {
    const { server, connection } = await connectBot();
    await connection.send(group, saying(plan), options);
    await connection.send(group, saying(plan), { ...options, mentions: ["7"] });
    const [, first, second] = server.callsOf("sendRichMessage").map((call) => JSON.stringify(call["rich_message"]));
    expect(first).not.toContain("tg://user");
    expect(second).toContain("tg://user?id=7");
  });

  test("is quiet, quotes and has buttons like any other", async () => {
    const { server, connection } = await connectBot();
    const question = server.say("?");
    const quote = { ...ada.ref, messageId: String(question.message_id) };
    const message = { ...saying(plan), actions: [[{ label: "Ok", token: "t" }]] };
    await connection.send(ada, message, { ...options, quote, silent: true });
    expect(server.callsOf("sendRichMessage").at(-1)).toMatchObject({
      disable_notification: true,
      reply_parameters: { message_id: question.message_id },
      reply_markup: { inline_keyboard: [[{ text: "Ok" }]] },
    });
  });

  test("may be far longer than a text, and not longer than a rich message", async () => {
    const { server, connection } = await connectBot();
    expect(connection.capabilitiesFor?.(ada).text.maxLength).toBe(32_768);
    const long = "word ".repeat(4000);
    await connection.send(ada, saying(long), options);
    expect(server.texts(42)[0]?.trim()).toBe(long.trim());
    const tooLong = "word ".repeat(7000);
    expect(measure(tooLong)).toBeGreaterThan(32_768);
    expect((await failed(connection.send(ada, saying(tooLong), options))).failure).toEqual({ kind: "too-long" });
    expect(server.callsOf("sendRichMessage")).toHaveLength(2);
  });

  test("grows as a draft of its own kind", async () => {
    const { server, connection } = await connectBot();
    const live = await connection.openLive?.(ada, options);
    await live?.update({ markdown: "Pl", steps: [] });
    await live?.update({ markdown: plan, steps: [] });
    const { drafts } = server.world.ensure(42);
    expect([...drafts.values()]).toMatchObject([{ content: { rich_message: {} }, canStop: true }]);
    await live?.finish({ markdown: plan, steps: [] });
    expect(drafts.size).toBe(0);
    expect(server.violations).toEqual([]);
  });

  test("that Telegram cannot read as such goes as a text", async () => {
    const { server, connection } = await connectBot();
    server.fail("sendRichMessage", { type: "error", code: 400, description: "Bad Request: can't parse rich message" });
    await connection.send(ada, saying(plan), options);
    expect(server.callsOf("sendMessage")).toHaveLength(1);
    expect(connection.capabilitiesFor?.(ada).text.maxLength).toBe(32_768);
  });

  test("is not tried as a text when it is the chat that is gone", async () => {
    const { server, connection } = await connectBot();
    server.fail("sendRichMessage", { type: "error", code: 403, description: "Forbidden: bot was blocked by the user" });
    expect((await failed(connection.send(ada, saying(plan), options))).failure).toEqual({ kind: "forbidden" });
    expect(server.callsOf("sendMessage")).toEqual([]);
  });
});

describe("an older server", () => {
  test("is asked on connecting, and gets texts of its own length alone", async () => {
    const { server, connection } = await connectBot({}, (old) => void old.missing.add("sendrichmessage"));
    expect(connection.capabilitiesFor?.(ada).text).toMatchObject({ maxLength: 4096, markdown: "partial" });
    await connection.send(ada, saying(plan), options);
    expect(server.callsOf("sendRichMessage")).toHaveLength(1);
    expect(server.callsOf("sendMessage")[0]?.["text"]).toContain("Plan");
    expect((await failed(connection.send(ada, saying("word ".repeat(1000)), options))).failure).toEqual({ kind: "too-long" });
  });

  test("that is noticed only later is remembered", async () => {
    const { server, connection } = await connectBot();
    server.missing.add("sendrichmessage");
    for (let count = 0; count < 2; count++) await connection.send(ada, saying(plan), options);
    expect(server.callsOf("sendMessage")).toHaveLength(2);
    expect(connection.capabilitiesFor?.(ada).text.maxLength).toBe(4096);
  });

  test("that cannot be asked is not connected to", async () => {
    const bot = connectBot({}, (server) => server.fail("sendRichMessage", { type: "error", code: 500, description: "Oh" }));
    expect((await failed(bot)).message).toContain("Cannot ask what the server can do");
  });
});

describe("switched off, rich messages", () => {
  test("are not sent, and the server is not asked", async () => {
    const { server, connection } = await connectBot({ richMessages: false });
    await connection.send(ada, saying(plan), options);
    expect(server.callsOf("sendRichMessage")).toEqual([]);
    expect(connection.capabilitiesFor?.(ada).text.maxLength).toBe(4096);
  });
});
