import { createServer } from "node:net";
import { inspect } from "node:util";
import type { Connection, Failure } from "@hermes/core";
import { beforeEach, describe, expect, test } from "vitest";
import { telegram } from "../src/telegram.ts";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, never, options, saying, topic } from "./connected-bot.ts";
import type { RecordingHost } from "@hermes/testkit";
import type { BotApiServer, Fault } from "./server.ts";

closeAfterEach();

let server: BotApiServer;
let host: RecordingHost;
let connection: Connection;

beforeEach(async () => {
  ({ server, host, connection } = await connectBot());
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
    ["a caption that is too long", bad("message caption is too long"), { kind: "too-long" }],
    ["a caption that is too long, in other words", bad("MEDIA_CAPTION_TOO_LONG"), { kind: "too-long" }],
    ["a file too big", bad("file is too big"), { kind: "too-long" }],
    ["a file far too big", { type: "error", code: 413, description: "Request Entity Too Large" }, { kind: "too-long" }],
    ["a wrong file", bad("wrong remote file identifier specified: Wrong padding in the string"), gone("message")],
    ["a file that is gone", bad("wrong file_id or the file is temporarily unavailable"), gone("message")],
    ["a bad picture", bad("PHOTO_INVALID_DIMENSIONS"), { kind: "invalid" }],
    ["a bad address", bad("wrong type of the web page content"), { kind: "invalid" }],
    ["no voice messages wanted", bad("VOICE_MESSAGES_FORBIDDEN"), { kind: "forbidden" }],
    ["no pictures allowed", bad("not enough rights to send photos to the chat"), { kind: "forbidden" }],
    ["no pictures allowed, in other words", bad("CHAT_SEND_PHOTOS_FORBIDDEN"), { kind: "forbidden" }],
    ["a reaction that is none", bad("REACTION_INVALID"), { kind: "invalid" }],
    ["no message to react to", bad("message to react not found"), gone("message")],
    ["no message to answer", bad("message to be replied not found"), gone("message")],
    ["a dead group, in other words", bad("group chat was deactivated"), gone("chat")],
    ["a button that is none", bad("BUTTON_DATA_INVALID"), { kind: "invalid" }],
    ["nothing to change", bad("MESSAGE_NOT_MODIFIED"), { kind: "not-modified" }],
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
