import { createServer as createHttpServer, request as httpRequest, type Server as HttpServer } from "node:http";
import { createServer } from "node:net";
import { inspect } from "node:util";
import {
  isPlatformError,
  type Chat,
  type Connection,
  type Failure,
  type OutboundMessage,
  type PlatformError,
  type SendOptions,
} from "@hermes/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { telegram } from "../src/telegram.ts";
import { TestHost } from "./host.ts";
import { startBotApiServer, type BotApiServer, type Fault } from "./server.ts";

const never = new AbortController().signal;
const options: SendOptions = { signal: never, idempotencyKey: "key", mentions: [] };
const ada: Chat = { ref: { platform: "telegram", chatId: "42" }, type: "dm" };
const group: Chat = { ref: { platform: "telegram", chatId: "-1001" }, type: "group" };
const topic: Chat = { ref: { platform: "telegram", chatId: "-1001", threadId: "5" }, type: "group" };

let server: BotApiServer;
let host: TestHost;
let connection: Connection;

beforeEach(async () => {
  server = await startBotApiServer();
  server.world.ensure(42);
  server.addChat({ id: -1001, type: "supergroup", title: "Forum", is_forum: true }).topics.set(5, "open").set(6, "closed");
  host = new TestHost();
  connection = await telegram({ token: server.token, apiRoot: server.apiRoot }, { silenceMs: 1500 }).connect(host, never);
});

afterEach(async () => {
  await connection.disconnect();
  await server.close();
});

function saying(...texts: string[]): OutboundMessage {
  return { texts, files: [], actions: [] };
}

async function failed(call: Promise<unknown> | undefined): Promise<PlatformError> {
  try {
    await call;
  } catch (error) {
    if (isPlatformError(error)) return error;
    throw error;
  }
  return expect.unreachable("the call went through");
}

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

  test.each([
    ["an empty text", saying(""), "the text is empty"],
    ["whitespace", saying(" \n\u200B\u3000"), "the text is empty"],
    ["no text", saying(), "expected one text, got 0"],
    ["two texts", saying("a", "b"), "expected one text, got 2"],
    ["a button", { ...saying("a"), actions: [[{ label: "x", token: "x" }]] }, "files and buttons are not supported"],
  ])("refuses %s before calling", async (_name, message, why) => {
    const error = await failed(connection.send(ada, message, options));
    expect(error.failure.kind).toBe("invalid");
    expect(error.message).toBe(`[telegram] Cannot send: ${why}`);
    expect(server.callsOf("sendMessage")).toEqual([]);
  });

  test("takes 4096 characters as they will stand there and refuses one more before calling", async () => {
    await connection.send(ada, saying(`**${"x".repeat(4096)}**`), options);
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

describe("a refusal by Telegram", () => {
  const bad = (description: string): Fault => ({ type: "error", code: 400, description: `Bad Request: ${description}` });
  const gone = (what: "chat" | "thread" | "message"): Failure => ({ kind: "not-found", what });

  test.each<[string, Fault, Failure]>([
    ["too long", bad("message is too long"), { kind: "too-long" }],
    ["too long before parsing", bad("text is too long"), { kind: "too-long" }],
    ["no such chat", bad("chat not found"), gone("chat")],
    ["a dead group", bad("group chat was upgraded to a supergroup chat"), gone("chat")],
    ["no such topic", bad("message thread not found"), gone("thread")],
    ["a closed topic", bad("TOPIC_CLOSED"), gone("thread")],
    ["a deleted topic", bad("TOPIC_DELETED"), gone("thread")],
    ["no right to write", bad("not enough rights to send text messages to the chat"), { kind: "forbidden" }],
    ["a muted bot", bad("CHAT_WRITE_FORBIDDEN"), { kind: "forbidden" }],
    ["blocked", { type: "error", code: 403, description: "Forbidden: bot was blocked by the user" }, { kind: "forbidden" }],
    ["kicked", { type: "error", code: 403, description: "Forbidden: bot was kicked from the group chat" }, { kind: "forbidden" }],
    ["deactivated", { type: "error", code: 403, description: "Forbidden: user is deactivated" }, { kind: "forbidden" }],
    ["a revoked token", { type: "error", code: 401, description: "Unauthorized" }, { kind: "unauthorized" }],
    ["a malformed token", { type: "error", code: 404, description: "Not Found" }, { kind: "unauthorized" }],
    ["a server too old", { type: "error", code: 404, description: "Not Found: method not found" }, { kind: "invalid" }],
    ["another poller", { type: "error", code: 409, description: "Conflict: terminated by other" }, { kind: "conflict" }],
    ["a limit", { type: "rate-limit", retryAfter: 3 }, { kind: "rate-limited", retryAfterMs: 3000 }],
    ["a limit without a time", { type: "error", code: 429, description: "Too Many Requests" }, { kind: "rate-limited" }],
    [
      "a limit with a time that is none",
      { type: "raw", status: 429, body: '{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":"soon"}}' },
      { kind: "rate-limited" },
    ],
    ["a success without a result", { type: "raw", status: 200, body: '{"ok":true,"result":null}' }, { kind: "unavailable" }],
    ["a success without a message", { type: "raw", status: 200, body: '{"ok":true,"result":{}}' }, { kind: "unavailable" }],
    ["anything else", bad("wrong something"), { kind: "invalid" }],
    ["a server error", { type: "error", code: 500, description: "Internal Server Error" }, { kind: "unavailable" }],
    ["a page of something in between", { type: "raw", status: 502, body: "<html>private words</html>" }, { kind: "unavailable" }],
    ["JSON that is no answer", { type: "raw", status: 200, body: "null" }, { kind: "unavailable" }],
  ])("(%s) is told by its kind", async (_name, fault, failure) => {
    server.fail("sendMessage", fault);
    const error = await failed(connection.send(ada, saying("x"), options));
    expect(error.failure).toEqual(failure);
    expect(error.message).toMatch(/^\[telegram\] Cannot send to chat 42: /u);
    expect(error.maybeDone).toBe(failure.kind === "unavailable");
    expect(inspect(error, { depth: 9 })).not.toContain("private words");
  });

  test("names the topic it could not send to", async () => {
    const error = await failed(connection.send({ ...topic, ref: { ...topic.ref, threadId: "6" } }, saying("x"), options));
    expect(error.message).toBe("[telegram] Cannot send to thread 6 of chat -1001: Bad Request: TOPIC_CLOSED");
  });
});

describe("a send that got no answer", () => {
  test.each<[string, Fault]>([
    ["the connection broke before it was done", { type: "drop", when: "before" }],
    ["the connection broke after it was done", { type: "drop", when: "after" }],
    ["the server is silent", { type: "hang", acted: true }],
  ])("may have happened: %s", async (_name, fault) => {
    server.fail("sendMessage", fault);
    const error = await failed(connection.send(ada, saying("x"), options));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: true });
  });

  test("did not happen when nobody took the connection", async () => {
    const { apiRoot } = server;
    await server.close();
    const error = await failed(telegram({ token: server.token, apiRoot }).connect(host, never));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: false });
    expect(error.message).toContain("connection refused (ECONNREFUSED)");
  });

  test("did not happen when the name cannot be resolved", async () => {
    const platform = telegram({ token: server.token, apiRoot: "http://telegram.invalid" });
    const error = await failed(platform.connect(host, never));
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: false });
  });

  test("did not happen when TLS was not agreed on", async () => {
    const plain = createServer((socket) => socket.end("this is no TLS\n"));
    await new Promise<void>((resolve) => plain.listen(0, "127.0.0.1", resolve));
    const { port } = plain.address() as { port: number };
    const error = await failed(telegram({ token: server.token, apiRoot: `https://127.0.0.1:${port}` }).connect(host, never));
    plain.close();
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: false });
  });

  test("is aborted by the caller's signal, and may have happened once it was sent", async () => {
    server.fail("sendMessage", { type: "hang", acted: true });
    const controller = new AbortController();
    const sending = failed(connection.send(ada, saying("x"), { ...options, signal: controller.signal }));
    await server.until(() => server.texts(42).length === 1);
    controller.abort();
    expect(await sending).toMatchObject({ failure: { kind: "aborted" }, maybeDone: true });
    const error = await failed(connection.send(ada, saying("x"), { ...options, signal: AbortSignal.abort() }));
    expect(error).toMatchObject({ failure: { kind: "aborted" }, maybeDone: false });
  });
});

describe("a proxy", () => {
  test("carries every call, and its credentials go to it alone", async () => {
    const seen: string[] = [];
    const proxy = createHttpServer((request, answer) => {
      const { host: target } = new URL(request.url ?? "");
      seen.push(`${target} ${request.headers["proxy-authorization"] ?? ""}`);
      const { "proxy-authorization": _credentials, ...headers } = request.headers;
      const onward = httpRequest(request.url ?? "", { method: request.method ?? "GET", headers }, (received) => {
        answer.writeHead(received.statusCode ?? 500, received.headers);
        received.pipe(answer);
      });
      request.pipe(onward);
    });
    const address = await opened(proxy, "user:FAKE-PASSWORD@");
    const proxied = await telegram({ token: server.token, apiRoot: server.apiRoot, proxy: address }).connect(host, never);
    await proxied.send(ada, saying("through the proxy"), options);
    await proxied.disconnect();
    proxy.closeAllConnections();
    proxy.close();
    expect(server.texts(42)).toEqual(["through the proxy"]);
    const target = new URL(server.apiRoot).host;
    const credentials = Buffer.from("user:FAKE-PASSWORD").toString("base64");
    expect(seen).toEqual([`${target} Basic ${credentials}`, `${target} Basic ${credentials}`]);
  });

  test("that refuses leaves nothing sent, and its credentials out of the error", async () => {
    const targets: (string | undefined)[] = [];
    const proxy = createHttpServer();
    proxy.on("connect", (request, socket) => {
      targets.push(request.url);
      socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    });
    const address = await opened(proxy, "user:FAKE-PASSWORD@");
    const error = await failed(telegram({ token: server.token, proxy: address }).connect(host, never));
    proxy.close();
    expect(targets).toEqual(["api.telegram.org:443"]);
    expect(error).toMatchObject({ failure: { kind: "unavailable" }, maybeDone: false });
    expect(inspect(error, { depth: 9 })).not.toMatch(/FAKE-PASSWORD|FAKE-TOKEN/u);
  });

  async function opened(proxy: HttpServer, credentials: string): Promise<string> {
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as { port: number };
    return `http://${credentials}127.0.0.1:${port}`;
  }
});

describe("the connection", () => {
  test("knows who the bot is, and remembers its name", () => {
    expect(connection.identity).toEqual({ id: "123456", name: "hermes_test_bot" });
    expect(host.values.get("name:123456")).toBe("hermes_test_bot");
  });

  test("is kept for the next call, and closed in the end; closing twice does no harm", async () => {
    await connection.send(ada, saying("one"), options);
    await connection.send(ada, saying("two"), options);
    expect(server.connections).toBe(1);
    await connection.disconnect();
    await connection.disconnect();
    await server.until(() => server.connections === 0);
    expect(await failed(connection.send(ada, saying("three"), options))).toMatchObject({
      failure: { kind: "unavailable" },
      maybeDone: false,
    });
  });

  test("is refused by a server that names no bot", async () => {
    for (const result of ["{}", "null"]) {
      server.fail("getMe", { type: "raw", status: 200, body: `{"ok":true,"result":${result}}` });
      const error = await failed(telegram({ token: server.token, apiRoot: server.apiRoot }).connect(host, never));
      expect(error.message).toBe("[telegram] Cannot ask who the bot is: the answer names no bot");
    }
  });

  test("is not left open when the bot is refused", async () => {
    await connection.disconnect();
    server.fail("getMe", { type: "error", code: 401, description: "Unauthorized" });
    const error = await failed(telegram({ token: server.token, apiRoot: server.apiRoot }).connect(host, never));
    expect(error.message).toBe(
      "[telegram] Cannot ask who the bot is: Unauthorized: the token is wrong or revoked; get a new one from @BotFather",
    );
    await server.until(() => server.connections === 0);
  });

  test("tells nobody the token, whatever goes wrong", async () => {
    const secret = "FAKE-TOKEN-FOR-TESTS";
    const faults: Fault[] = [
      { type: "error", code: 400, description: `Bad Request: no ${server.token} here` },
      { type: "error", code: 401, description: "Unauthorized" },
      { type: "error", code: 500, description: `Error at /bot${server.token}/sendMessage` },
      { type: "drop", when: "before" },
      { type: "raw", status: 502, body: `<html>/bot${server.token}/</html>` },
      { type: "hang", acted: false },
    ];
    for (const fault of faults) {
      server.fail("sendMessage", fault);
      const error = await failed(connection.send(ada, saying("**x**"), options));
      expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    }
    await server.close();
    const error = await failed(connection.send(ada, saying("x"), options));
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(secret);
    expect(inspect(connection, { depth: 9 })).not.toContain(secret);
    expect([...host.logs, ...host.reports].join("\n")).not.toContain(secret);
  });
});
