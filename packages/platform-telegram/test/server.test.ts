import type { Context, GrammyError } from "grammy";
import type { Update } from "grammy/types";
import { describe, expect, test } from "vitest";
import { closeAfterEach, closing } from "./closing.ts";
import { refusal, run, start } from "./grammy-client.ts";
import { loadSpecification, person } from "./server.ts";

closeAfterEach();

const specification = loadSpecification();
describe("driven by grammY, the server", () => {
  test("says who the bot is", async () => {
    const { bot, server } = await start();
    await bot.init();
    expect(bot.botInfo).toMatchObject({ id: 123456, username: "hermes_test_bot", is_bot: true });
    expect(server.violations).toEqual([]);
  });

  test("delivers what people say by polling and takes the answers", async () => {
    const { bot, server } = await start();
    const heard: string[] = [];
    bot.on("message:text", async (context: Context) => {
      heard.push(context.message?.text ?? "");
      await context.reply(`You said ${context.message?.text}`);
    });
    run(bot);
    server.say("one");
    server.say("two");
    await server.until(() => server.texts(42).length === 4);
    expect(heard).toEqual(["one", "two"]);
    expect(server.texts(42, "bot")).toEqual(["You said one", "You said two"]);
    await server.until(() => server.updates.pending.length === 0);
    expect(server.violations).toEqual([]);
  });

  test("ends the first poller with 409 when a second one comes", async () => {
    const { bot, server } = await start();
    const first = refusal(bot.api.getUpdates({ timeout: 50 }));
    await server.until(() => server.updates.polling);
    const second = bot.api.getUpdates({ timeout: 50 });
    expect((await first).description).toBe(
      "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    );
    server.say("still here");
    expect(await second).toHaveLength(1);
  });

  test("refuses to be polled while a webhook is set", async () => {
    const { bot } = await start();
    await bot.api.setWebhook("https://example.com/hook");
    const error = await refusal(bot.api.getUpdates());
    expect(error.error_code).toBe(409);
    expect(error.description).toContain("can't use getUpdates method while webhook is active");
    await bot.api.deleteWebhook();
    expect(await bot.api.getUpdates()).toEqual([]);
  });

  test("keeps an update until a higher offset confirms it, and gives at most `limit`", async () => {
    const { bot, server } = await start();
    for (const text of ["a", "b", "c"]) server.say(text);
    const seen = await bot.api.getUpdates({ limit: 2 });
    expect(seen.map((update) => update.update_id)).toEqual([1000, 1001]);
    expect(await bot.api.getUpdates({ limit: 2 })).toEqual(seen);
    expect((await bot.api.getUpdates({ offset: 1002 })).map((update) => update.update_id)).toEqual([1002]);
    expect((await bot.api.getUpdates()).map((update) => update.update_id)).toEqual([1002]);
    expect((await bot.api.getUpdates({ offset: -1 })).map((update) => update.update_id)).toEqual([1002]);
    expect(await bot.api.getUpdates({ offset: 1003 })).toEqual([]);
  });

  test("keeps back reactions until they are asked for", async () => {
    const { bot, server } = await start();
    expect(server.push({ message_reaction: {} })).toBeUndefined();
    await bot.api.getUpdates({ allowed_updates: ["message_reaction"] });
    expect(server.push({ message_reaction: {} })).toBe(1000);
    expect(server.push({ message: {} })).toBeUndefined();
  });

  test("refuses a wrong token with 401 and a malformed one with 404", async () => {
    const { server } = await start();
    const get = (path: string): Promise<unknown> => fetch(`${server.apiRoot}${path}`).then((response) => response.json());
    expect(await get("/bot123456:ANOTHER-FAKE-TOKEN/getMe")).toEqual({
      ok: false,
      error_code: 401,
      description: "Unauthorized",
    });
    expect(await get("/botnonsense/getMe")).toEqual({ ok: false, error_code: 404, description: "Not Found" });
    expect(await get(`/bot${server.token}/getNothing`)).toMatchObject({
      error_code: 404,
      description: "Not Found: method not found",
    });
  });

  test.each([
    ["<x>a</x>", 'can\'t parse entities: Unsupported start tag "x" at byte offset 0'],
    ["é <b>a", "can't parse entities: Can't find end tag corresponding to start tag \"b\""],
    ["é</b>", "can't parse entities: Unexpected end tag at byte offset 2"],
    ["<b>a</i>", 'can\'t parse entities: Unmatched end tag at byte offset 4, expected "</b>", found "</i>"'],
    ["a < b", 'can\'t parse entities: Unsupported start tag "" at byte offset 2'],
    ["a <b", "can't parse entities: Unclosed start tag at byte offset 2"],
    ['<a href="x>y', "can't parse entities: Unclosed start tag at byte offset 0"],
    ["<span>a</span>", 'can\'t parse entities: Tag "span" must have class "tg-spoiler" at byte offset 0'],
    ["<b></b>", "text must be non-empty"],
    [" \n ", "text must be non-empty"],
    ["", "message text is empty"],
    ["x".repeat(4097), "message is too long"],
    ["&amp;".repeat(4097), "message is too long"],
    ["x".repeat(40_000), "text is too long"],
  ])("refuses the text %j", async (text, description) => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const error = await refusal(bot.api.sendMessage(42, text, { parse_mode: "HTML" }));
    expect(error.error_code).toBe(400);
    expect(error.description).toBe(`Bad Request: ${description}`);
  });

  test("reads HTML into entities, trims, and counts after that", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const html = `  <b>bold <i>both</i></b> &lt;ok&gt; <a href="https://example.com/">link</a>\n<pre><code class="language-ts">x</code></pre> ${"&amp;".repeat(4000)}\n`;
    const message = await bot.api.sendMessage(42, html, { parse_mode: "HTML" });
    expect(message.text).toBe(`bold both <ok> link\nx ${"&".repeat(4000)}`);
    expect(message.entities).toEqual([
      { type: "bold", offset: 0, length: 9 },
      { type: "italic", offset: 5, length: 4 },
      { type: "text_link", offset: 15, length: 4, url: "https://example.com/" },
      { type: "pre", offset: 20, length: 1, language: "ts" },
    ]);
    expect(server.repairs).toEqual([]);
    expect(server.violations).toEqual([]);
  });

  test("mends badly nested entities without a word, and notes it", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const message = await bot.api.sendMessage(42, "<b>a<code>b</code>c</b>", { parse_mode: "HTML" });
    expect(message.entities).toEqual([
      { type: "bold", offset: 0, length: 1 },
      { type: "code", offset: 1, length: 1 },
      { type: "bold", offset: 2, length: 1 },
    ]);
    expect(server.repairs).toEqual(["bold is cut at the edge of another", "bold inside code is dropped"]);
  });

  test("checks entities that are given as such", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const send = (offset: number, length: number): Promise<unknown> =>
      bot.api.sendMessage(42, "a😀b", { entities: [{ type: "bold", offset, length }] });
    await send(1, 2);
    expect((await refusal(send(2, 2))).description).toContain("begins in a middle of a UTF-16 symbol");
    expect((await refusal(send(1, 1))).description).toContain("ends in a middle of a UTF-16 symbol");
    expect((await refusal(send(3, 2))).description).toContain("ends after the end of the text");
    const link = { type: "text_link" as const, offset: 0, length: 1, url: "http://localhost/" };
    expect((await refusal(bot.api.sendMessage(42, "a", { entities: [link] }))).description).toContain("Wrong HTTP URL");
  });

  test("edits, deletes, and says when there is nothing to do or nothing there", async () => {
    const { bot, server } = await start();
    const theirs = server.say("hello");
    const { message_id: id } = await bot.api.sendMessage(42, "first");
    await bot.api.editMessageText(42, id, "second");
    expect(server.texts(42, "bot")).toEqual(["second"]);
    expect((await refusal(bot.api.editMessageText(42, id, " second"))).description).toContain("message is not modified");
    expect((await refusal(bot.api.editMessageText(42, 99, "x"))).description).toBe("Bad Request: message to edit not found");
    expect((await refusal(bot.api.editMessageText(42, theirs.message_id, "x"))).description).toBe(
      "Bad Request: message can't be edited",
    );
    await bot.api.deleteMessage(42, id);
    expect((await refusal(bot.api.deleteMessage(42, id))).description).toBe("Bad Request: message to delete not found");
    expect(server.texts(42, "bot")).toEqual([]);
  });

  test("knows its chats and topics", async () => {
    const { bot, server } = await start();
    expect((await refusal(bot.api.sendMessage(7, "x"))).description).toBe("Bad Request: chat not found");
    const forum = server.addChat({ id: -100_200, type: "supergroup", title: "Forum", is_forum: true });
    forum.topics.set(5, "open").set(6, "closed");
    const message = await bot.api.sendMessage(-100_200, "in a topic", { message_thread_id: 5 });
    expect(message).toMatchObject({ message_thread_id: 5, is_topic_message: true });
    const to = (thread: number): Promise<GrammyError> =>
      refusal(bot.api.sendMessage(-100_200, "x", { message_thread_id: thread }));
    expect((await to(1)).description).toBe("Bad Request: message thread not found");
    expect((await to(6)).description).toBe("Bad Request: TOPIC_CLOSED");
    forum.migratedTo = -100_300;
    expect((await refusal(bot.api.sendMessage(-100_200, "x"))).parameters).toEqual({ migrate_to_chat_id: -100_300 });
    forum.forbidden = "bot was kicked from the supergroup chat";
    expect((await refusal(bot.api.sendMessage(-100_200, "x"))).error_code).toBe(403);
  });

  test("answers a reply to a message that is gone as it was asked to", async () => {
    const { bot, server } = await start();
    const question = server.say("question");
    const reply = await bot.api.sendMessage(42, "answer", { reply_parameters: { message_id: question.message_id } });
    expect(reply.reply_to_message?.message_id).toBe(question.message_id);
    const gone = { message_id: 99 };
    expect((await refusal(bot.api.sendMessage(42, "x", { reply_parameters: gone }))).description).toBe(
      "Bad Request: message to be replied not found",
    );
    const lenient = { ...gone, allow_sending_without_reply: true };
    expect((await bot.api.sendMessage(42, "x", { reply_parameters: lenient })).reply_to_message).toBeUndefined();
  });

  test("goes wrong as it is told, so often and no more", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    server.fail("sendMessage", { type: "rate-limit", retryAfter: 7 }, 2);
    const limited = await refusal(bot.api.sendMessage(42, "x"));
    expect(limited.error_code).toBe(429);
    expect(limited.parameters).toEqual({ retry_after: 7 });
    await refusal(bot.api.sendMessage(42, "x"));
    server.fail("sendMessage", { type: "drop", when: "before" });
    await expect(bot.api.sendMessage(42, "lost")).rejects.toThrow("Network request");
    server.fail("sendMessage", { type: "drop", when: "after" });
    await expect(bot.api.sendMessage(42, "done")).rejects.toThrow("Network request");
    server.fail("sendMessage", { type: "raw", status: 502, body: "<html>" });
    await expect(bot.api.sendMessage(42, "lost")).rejects.toThrow("Network request");
    await bot.api.sendMessage(42, "fine");
    expect(server.texts(42)).toEqual(["done", "fine"]);
  });

  test("pushes to a webhook with the secret, again until it is taken", async () => {
    const { bot, server } = await start();
    const received: { secret: string | undefined; update: Update }[] = [];
    const { createServer } = await import("node:http");
    const hook = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        received.push({
          secret: request.headers["x-telegram-bot-api-secret-token"] as string | undefined,
          update: JSON.parse(Buffer.concat(chunks).toString()) as Update,
        });
        response.statusCode = received.length < 3 ? 500 : 200;
        response.end();
      });
    });
    await new Promise<void>((resolve) => hook.listen(0, "127.0.0.1", resolve));
    closing.push(async () => {
      hook.closeAllConnections();
      await new Promise((resolve) => hook.close(resolve));
    });
    const { port } = hook.address() as { port: number };
    await bot.api.setWebhook(`http://127.0.0.1:${port}/`, { secret_token: "s3cret" });
    server.say("hello");
    await server.until(() => server.updates.pending.length === 0);
    expect(server.webhook.deliveries.map((delivery) => delivery.status)).toEqual([500, 500, 200]);
    expect(received.map(({ secret }) => secret)).toEqual(["s3cret", "s3cret", "s3cret"]);
    expect(new Set(received.map(({ update }) => update.update_id))).toEqual(new Set([1000]));
    expect((await refusal(bot.api.setWebhook("https://x.example/", { secret_token: "no spaces" }))).description).toBe(
      "Bad Request: secret token contains unallowed characters",
    );
  });

  test("reads forms as well as JSON", async () => {
    const { server } = await start();
    server.world.ensure(42);
    const body = new URLSearchParams({
      chat_id: "42",
      text: "hello",
      reply_parameters: '{"message_id":1,"allow_sending_without_reply":true}',
    });
    const response = await fetch(`${server.apiRoot}/bot${server.token}/SENDMESSAGE`, { method: "POST", body });
    expect(await response.json()).toMatchObject({ ok: true, result: { text: "hello" } });
  });
});

describe.runIf(specification !== undefined)("held against the description of the Bot API, the server", () => {
  test("refuses a call that does not fit it", async () => {
    const { bot, server } = await start();
    server.world.ensure(42);
    const wrong = { chat_id: 42, text: "x", no_such_field: 1 };
    await refusal(bot.api.raw.sendMessage(wrong));
    expect(server.violations).toEqual(["sendMessage: data must NOT have additional properties"]);
  });

  test("answers in its types", async () => {
    const { bot, server } = await start();
    const forum = { id: -100_200, type: "supergroup" as const, title: "Forum", is_forum: true as const };
    server.addChat(forum).topics.set(5, "open");
    server.addChat({ id: -100_400, type: "channel", title: "News" });
    server.say("in a topic, @hermes_test_bot", { chat: -100_200, threadId: 5, from: person(9, "Grace", { username: "grace" }) });
    const post = server.say("a post", { chat: -100_400 });
    server.edit(post, "a better post");
    const check = (type: string, value: unknown): void => expect(specification?.value(type, value)).toBeUndefined();
    check("User", await bot.api.getMe());
    for (const update of await bot.api.getUpdates()) check("Update", update);
    check("Message", await bot.api.sendMessage(-100_200, "<b>x</b>", { parse_mode: "HTML", message_thread_id: 5 }));
    check("WebhookInfo", await bot.api.getWebhookInfo());
    expect(await bot.api.getUpdates()).toHaveLength(3);
  });
});
