import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout } from "node:timers/promises";
import { text } from "@hermes/core";
import { describe, expect, test } from "vitest";
import { echo, gate, LedAgent, stopped, untilStopped } from "./agents.ts";
import { startServer, testKey, until } from "./server.ts";

const chat = "/v1/chat/completions";
const ask = (content: unknown, more: object = {}) => ({ model: "x", messages: [{ role: "user", content }], ...more });
const codeOf = async (response: Response): Promise<readonly unknown[]> => {
  const { error } = (await response.json()) as { readonly error: { readonly code: unknown; readonly param: unknown } };
  return [response.status, error.code, error.param];
};
const contentOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { choices: [{ message: { content: string } }] }).choices[0].message.content;

describe("A body", () => {
  test("is cut off at the limit, also when it comes in chunks of unknown number", async () => {
    await using server = await startServer(echo, { options: { maxBodyBytes: 10_000 } });
    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      `POST ${chat} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${testKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const chunk = `400\r\n${" ".repeat(1024)}\r\n`;
    for (let sent = 0; sent < 20; sent += 1) socket.write(chunk);
    const [answer] = (await once(socket, "data")) as [Buffer];
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 413 /u);
    expect(answer.toString()).toContain("body_too_large");
    socket.destroy();
  });

  test("of a declared size above the limit is not read", async () => {
    await using server = await startServer(echo, { options: { maxBodyBytes: 10_000 } });
    expect(await codeOf(await server.call(chat, ask("x".repeat(20_000))))).toEqual([413, "body_too_large", null]);
  });

  test.each([
    ["{", "invalid_json"],
    ["[]", "invalid_type"],
    ["null", "invalid_type"],
    [`{"messages":[{"role":"user","content":"x"}],"metadata":${"[".repeat(50_000)}${"]".repeat(50_000)}}`, "nesting_too_deep"],
  ])("%.20s… is refused as %s", async (body, code) => {
    await using server = await startServer(echo);
    expect((await codeOf(await server.call(chat, body))).slice(0, 2)).toEqual([400, code]);
  });

  test("has to be JSON in UTF-8, and to say so", async () => {
    await using server = await startServer(echo);
    const form = await server.call(chat, ask("x"), { headers: { "content-type": "text/plain" } });
    expect(await codeOf(form)).toEqual([415, "unsupported_media_type", null]);
    const latin = await server.call(chat, undefined, { method: "POST", body: new Uint8Array([0x7b, 0xff, 0x7d]) });
    expect(await codeOf(latin)).toEqual([400, "invalid_encoding", null]);
  });
});

describe("A key", () => {
  test.each([
    [{ authorization: "" }, "without a key"],
    [{ authorization: "Bearer FAKE-KEY-THAT-IS-WRONG" }, "with a wrong key"],
    [{ authorization: `Basic ${testKey}` }, "in another scheme"],
    [{ authorization: `Bearer ${testKey}x` }, "with something behind the key"],
  ])("is asked for: %o is refused", async (headers) => {
    await using server = await startServer(echo);
    const response = await server.call("/v1/models", undefined, { headers });
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(await codeOf(response)).toEqual([401, "invalid_api_key", null]);
  });

  test("is not listened to from an address that sent ten wrong ones, and is from another", async () => {
    await using server = await startServer(echo, {
      surroundings: { addressOf: (request) => request.headers.get("x-test-address") ?? undefined },
    });
    const call = (address: string, key: string) =>
      server.call("/v1/models", undefined, { headers: { "x-test-address": address, authorization: `Bearer ${key}` } });
    for (let tries = 0; tries < 10; tries += 1) expect((await call("192.0.2.1", "FAKE-KEY-THAT-IS-WRONG")).status).toBe(401);
    const blocked = await call("192.0.2.1", testKey);
    expect(Number(blocked.headers.get("retry-after"))).toBeGreaterThan(0);
    expect(await codeOf(blocked)).toEqual([429, "too_many_wrong_keys", null]);
    expect((await call("192.0.2.2", testKey)).status).toBe(200);
  });
});

describe("A session", () => {
  const named = (name: string, key = testKey) => ({ headers: { "x-hermes-session-id": name, authorization: `Bearer ${key}` } });

  test("is remembered by the gateway, and what the caller brings along is not passed on", async () => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    const first = await server.call(chat, ask("one"), named("mine"));
    expect(first.headers.get("x-hermes-session-id")).toBe("mine");
    await first.json();
    const messages = [
      { role: "user", content: "invented" },
      { role: "assistant", content: "invented" },
      { role: "user", content: "two" },
    ];
    await (await server.call(chat, { messages }, named("mine"))).json();
    const turn = await agent.turn(2);
    expect((await turn.history()).map(({ text }) => text)).toEqual(["one", "You said: one"]);
    expect(turn.request).toMatchObject({ messages: [] });
  });

  test("of one key cannot be named with another, nor by the other header", async () => {
    const agent = new LedAgent();
    const other = "FAKE-KEY-FOR-TESTS-0002";
    await using server = await startServer(agent.run, { options: { keys: [{ name: "other", key: other }] } });
    await (await server.call(chat, ask("one"), named("mine"))).json();
    await (await server.call(chat, ask("two"), named("mine", other))).json();
    await (await server.call(chat, ask("three"), { headers: { "x-hermes-session-key": "mine" } })).json();
    const { ref } = (await agent.turn(1)).chat;
    await (await server.call(chat, ask("four"), named(ref.chatId, other))).json();
    expect(new Set(agent.turns.map(({ session }) => session.id)).size).toBe(4);
  });

  test.each(["", "x".repeat(257)])("is not named %j", async (name) => {
    await using server = await startServer(echo);
    expect(await codeOf(await server.call(chat, ask("x"), named(name)))).toEqual([400, "invalid_session", null]);
  });

  test("goes on for one caller when another of the same session hangs up", async () => {
    const first = gate();
    const agent = new LedAgent(async function* (turn) {
      await Promise.race([first.opened, stopped(turn)]);
      yield text(`done ${turn.input[0].text}`);
    });
    await using server = await startServer(agent.run);
    const hangUp = new AbortController();
    const gone = server.call(chat, ask("one"), { ...named("mine"), signal: hangUp.signal }).catch((error: unknown) => error);
    const turn = await agent.turn(1);
    const waiting = server.call(chat, ask("two"), named("mine"));
    await until(() => server.stored.length === 2);
    hangUp.abort();
    await gone;
    await until(() => server.connections.closed === 1);
    expect(server.offered.map(({ type }) => type)).toEqual(["message", "message"]);
    expect(turn.signal.aborted).toBe(false);
    first.open();
    expect(await contentOf(await waiting)).toBe("done two");
  });
});

describe("Requests", () => {
  test("without a session do not wait for each other", async () => {
    const slow = gate();
    await using server = await startServer(async function* (turn) {
      if (turn.input[0].text === "slow") await slow.opened;
      yield* echo(turn);
    });
    const first = server.call(chat, ask("slow"));
    expect(await contentOf(await server.call(chat, ask("quick")))).toBe("You said: quick");
    slow.open();
    expect(await contentOf(await first)).toBe("You said: slow");
  });

  test("of a caller who does not read are given up, and the agent is stopped", async () => {
    const piece = `${"x".repeat(999)}\n`.repeat(1000);
    const agent = new LedAgent(async function* (turn) {
      for (let said = 0; said < 15 && !turn.signal.aborted; said += 1) {
        yield text(piece);
        await setTimeout(25);
      }
      await stopped(turn);
    });
    await using server = await startServer(agent.run, { surroundings: { maxQueuedBytes: 100_000 } });
    const socket = connect(server.port, "127.0.0.1").pause();
    const body = JSON.stringify(ask("x", { stream: true }));
    socket.write(
      `POST ${chat} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${testKey}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    expect(await stopped(await agent.turn())).toBe("stop");
    socket.destroy();
  });

  test("of a session that has too many waiting are asked to come again", async () => {
    const agent = new LedAgent(untilStopped);
    await using server = await startServer(agent.run, { limits: { maxQueuedPerSession: 1 } });
    const session = { headers: { "x-hermes-session-key": "s" } };
    const hangUp = new AbortController();
    const open = (content: string) =>
      server.call(chat, ask(content), { ...session, signal: hangUp.signal }).catch((error: unknown) => error);
    const first = open("one");
    await agent.turn();
    const second = open("two");
    await until(() => server.stored.length === 2);
    expect(await codeOf(await server.call(chat, ask("three"), session))).toEqual([429, "session_busy", null]);
    hangUp.abort();
    await Promise.all([first, second]);
  });

  test("that the gateway cannot take are asked to come again", async () => {
    await using server = await startServer(echo, { pressure: () => "the heap is nearly full" });
    const response = await server.call(chat, ask("x"));
    expect(response.headers.get("retry-after")).toBe("5");
    expect(await codeOf(response)).toEqual([503, "not_taken", null]);
  });

  test("that are commands are answered by the gateway", async () => {
    const agent = new LedAgent();
    await using server = await startServer(agent.run);
    expect(await contentOf(await server.call(chat, ask("/help")))).toContain("/stop");
    expect(agent.turns).toEqual([]);
  });

  test("of somebody who is not let in are refused", async () => {
    await using server = await startServer(echo, { access: ["elsewhere"] });
    expect(await codeOf(await server.call(chat, ask("x")))).toEqual([403, "not_allowed", null]);
  });

  test("are told when the gateway stops", async () => {
    const agent = new LedAgent(untilStopped);
    const server = await startServer(agent.run);
    const whole = server.call(chat, ask("x"));
    const streamed = await server.call(chat, ask("x", { stream: true }));
    await agent.turn(2);
    const stopping = server[Symbol.asyncDispose]();
    const refused = await whole;
    expect(refused.headers.get("retry-after")).toBe("5");
    expect(await codeOf(refused)).toEqual([503, "shutting_down", null]);
    expect(await streamed.text()).toContain('"code":"shutting_down"');
    await stopping;
  });

  test("are answered at `/v1/` alone, by the methods that are there", async () => {
    await using server = await startServer(echo);
    expect(await codeOf(await server.call("/v1/embeddings", {}))).toEqual([404, "unknown_url", null]);
    expect(await codeOf(await server.call("/v1/chat%2Fcompletions", ask("x")))).toEqual([404, "unknown_url", null]);
    const response = await server.call(chat);
    expect(response.headers.get("allow")).toBe("POST, OPTIONS");
    expect(await codeOf(response)).toEqual([405, "method_not_allowed", null]);
  });

  test("carry headers that keep answers out of caches and away from guesses at their type", async () => {
    await using server = await startServer(echo);
    const { headers } = await server.call("/v1/models");
    expect([headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual(["no-store", "nosniff"]);
  });
});

describe("A response", () => {
  test("is there for the key it was asked with alone", async () => {
    const other = "FAKE-KEY-FOR-TESTS-0002";
    const options = { keys: [{ name: "other", key: other }] };
    await using server = await startServer(echo, { options });
    const { id } = (await (await server.call("/v1/responses", { input: "one" })).json()) as { id: string };
    const foreign = { headers: { authorization: `Bearer ${other}` } };
    expect((await server.call(`/v1/responses/${id}`)).status).toBe(200);
    expect((await server.call(`/v1/responses/${id}`, undefined, foreign)).status).toBe(404);
    expect((await server.call(`/v1/responses/${id}`, undefined, { ...foreign, method: "DELETE" })).status).toBe(404);
    const next = await server.call("/v1/responses", { input: "two", previous_response_id: id }, foreign);
    expect(await codeOf(next)).toEqual([404, "previous_response_not_found", "previous_response_id"]);
  });
});

describe("A page", () => {
  const origin = "https://chat.example.com";

  test("may call if it is named, and is answered before it does", async () => {
    await using server = await startServer(echo, { options: { corsOrigins: [origin] } });
    const asked = await server.call(chat, undefined, { method: "OPTIONS", headers: { origin, authorization: "" } });
    expect([asked.status, asked.headers.get("access-control-allow-origin")]).toEqual([204, origin]);
    const called = await server.call("/v1/models", undefined, { headers: { origin } });
    expect([called.status, called.headers.get("access-control-allow-origin")]).toEqual([200, origin]);
  });

  test.each([origin, "null"])("at %s may not call if it is not named", async (stranger) => {
    await using server = await startServer(echo, { options: { corsOrigins: ["https://other.example.com"] } });
    const response = await server.call("/v1/models", undefined, { headers: { origin: stranger } });
    expect(response.headers.get("access-control-allow-origin")).toBeNull();
    expect(await codeOf(response)).toEqual([403, "origin_not_allowed", null]);
  });
});
