import { createClient, type MessageEvidence } from "@hermes/protocol";
import { describe, expect, it } from "vitest";
import { takeMessage } from "../../src/http/message-door.ts";
import { metricsText } from "../../src/http/metrics.ts";
import { adminToken, bearer, openHouse, readToken, rpc, writeToken } from "./house.ts";
import { running } from "../http/serve-routes.ts";

const headers = { ...bearer(writeToken), "content-type": "application/json" };

async function send(url: string, body: string, more: Readonly<Record<string, string>> = {}): Promise<[number, unknown]> {
  const response = await fetch(`${url}/v1/messages`, { method: "POST", headers: { ...headers, ...more }, body });
  return [response.status, await response.json()];
}

describe("POST /v1/messages", () => {
  it("says something on a platform, and answers with the platform's word for it", async () => {
    const { url, chat } = await openHouse();
    const [status, evidence] = await send(url, '{"target":"scripted:42","text":"fire drill at **two**"}');
    expect([status, evidence]).toMatchObject([200, { state: "sent", refs: [{ platform: "scripted", chatId: "42" }] }]);
    expect(chat.texts("42")).toEqual(["fire drill at **two**"]);
  });

  it("says it once for one key, in the header or in the body", async () => {
    const { url, chat } = await openHouse();
    const body = '{"target":"scripted:42","text":"once"}';
    const [one, two] = [await send(url, body, { "idempotency-key": "k1" }), await send(url, body, { "idempotency-key": "k1" })];
    const three = await send(url, '{"target":"scripted:42","text":"once","idempotencyKey":"k1"}');
    expect([two[1], three[1]]).toEqual([one[1], one[1]]);
    expect(chat.texts("42")).toEqual(["once"]);
  });

  it("fails with 502 where the platform refuses it", async () => {
    const { url, chat } = await openHouse();
    chat.fail({ on: "send", failure: { kind: "invalid" } });
    const [status, evidence] = await send(url, '{"target":"scripted:42","text":"hello"}');
    expect([status, evidence]).toMatchObject([502, { state: "failed" }]);
  });

  it.each([
    ["sent", 200],
    ["queued", 202],
    ["unknown", 202],
    ["failed", 502],
  ] as const)("answers %s with %i", async (state, status) => {
    const evidence: MessageEvidence = { replyId: "r", state, refs: [], places: [] };
    const client = createClient({ send: async ({ id }) => ({ jsonrpc: "2.0", id, result: evidence }) });
    const body = '{"target":"scripted:42","text":"hello"}';
    const request = new Request("http://localhost/v1/messages", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body,
    });
    const response = await takeMessage(request, client);
    expect([response.status, await response.json()]).toEqual([status, evidence]);
  });

  it.each([
    [
      '{"target":"nowhere:42","text":"hello"}',
      400,
      'There is no platform "nowhere". Configured are `scripted`, `web`; a target is written `platform:chat`.',
    ],
    ['{"target":"scripted","text":"hello"}', 400, "scripted has no home channel: send /sethome in the chat that is to be it"],
    ['{"target":"scripted:abc","text":"hello"}', 400, '"scripted:abc" names no chat of Acme.'],
    ['{"target":"scripted:42,scripted:#x","text":"hello"}', 400, 'No chat of Acme that is known is called "x".'],
    ['{"target":"web:../../etc","text":"hello"}', 400, '"web:../../etc" names no chat of the web page.'],
    ['{"text":"hello"}', 400, "target"],
    ['{"target":"scripted:42"}', 400, "text"],
    ['{"target":"scripted:42","text":""}', 400, "text"],
    ['{"target":"scripted:42","text":"x","userId":"owner"}', 400, "userId"],
    ['["scripted:42"]', 400, "a body such as"],
    ["null", 400, "a body such as"],
    ["", 400, "a body such as"],
    ['{"target":', 400, "a body such as"],
  ])("says in a sentence what is wrong with %s", async (body, status, sentence) => {
    const { url, chat } = await openHouse();
    const [given, answer] = await send(url, body);
    expect([given, (answer as { readonly error: string }).error]).toEqual([status, expect.stringContaining(sentence)]);
    expect(chat.calls.filter(({ name }) => name === "send")).toEqual([]);
  });

  it("is not impressed by depth", async () => {
    const { url, logged } = await openHouse();
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    expect((await send(url, `{"target":${deep},"text":"x"}`))[0]).toBe(400);
    expect((await send(url, deep))[0]).toBe(400);
    expect((await rpc(url, adminToken, "health")).result).toBeDefined();
    expect(logged.filter((line) => line.includes("failed"))).toEqual([]);
  });

  it("wants JSON that says it is, of a size that can be read", async () => {
    const { url } = await openHouse();
    const body = '{"target":"scripted:42","text":"hello"}';
    expect((await send(url, body, { "content-type": "text/plain" }))[0]).toBe(415);
    expect((await send(url, body.padEnd(1024 * 1024 + 1)))[0]).toBe(413);
    expect((await send(url, body, { "idempotency-key": "k".repeat(257) }))[0]).toBe(400);
  });

  it("says the same by RPC", async () => {
    const { url, chat } = await openHouse();
    expect(await rpc(url, writeToken, "messages.send", { target: "scripted:7", text: "hello" })).toMatchObject({
      result: { state: "sent" },
    });
    expect(chat.texts("7")).toEqual(["hello"]);
    expect(await rpc(url, writeToken, "messages.send", { target: "nowhere:7", text: "hello" })).toMatchObject({
      error: { data: { kind: "invalid-params", field: "target" } },
    });
    expect(await rpc(url, readToken, "messages.send", { target: "scripted:7", text: "hello" })).toMatchObject({
      error: { data: { kind: "forbidden" } },
    });
  });
});

describe("/metrics", () => {
  it("is for who has a credential, and every line of it can be read by a machine", async () => {
    const { url } = await openHouse();
    expect((await fetch(`${url}/metrics`)).status).toBe(401);
    const response = await fetch(`${url}/metrics`, { headers: bearer(readToken) });
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    const lines = (await response.text()).trimEnd().split("\n");
    const metric = /^[a-z_]+(?:\{[a-z_]+="(?:[^"\\\n]|\\["\\n])*"\})? -?\d+(?:\.\d+)?$/u;
    for (const line of lines) expect(line).toMatch(line.startsWith("#") ? /^# (?:HELP|TYPE) [a-z_]+ \S/u : metric);
    expect(lines).toContain("hermes_ready 1");
    expect(lines).toContain('hermes_platform_up{platform="scripted"} 1');
    expect((await fetch(`${url}/metrics`, { method: "POST", headers: bearer(adminToken) })).status).toBe(405);
  });

  it("writes labels so that none of them ends early", () => {
    const facts = { admission: { taken: 0, refused: 0 }, delivery: { sent: 0, failed: 0 } };
    const platform = {
      id: 'a"b\\c\nd',
      kind: "acme",
      sinceMs: 0,
      ...facts,
      condition: { state: "up", transport: "up" },
    } as const;
    const text = metricsText(
      { ...running, platforms: [platform] },
      { connections: 1, residentBytes: 2, startedAtMs: 3, isReady: true },
    );
    expect(text).toContain('hermes_platform_up{platform="a\\"b\\\\c\\nd"} 1\n');
  });
});

describe("A platform in trouble", () => {
  it("can be seen in the numbers", () => {
    const facts = { admission: { taken: 0, refused: 0 }, delivery: { sent: 0, failed: 0 } };
    const platform = {
      id: "acme",
      kind: "acme",
      sinceMs: 0,
      ...facts,
      condition: { state: "tripped", reason: "r", failures: 12 },
      breaker: { phase: "open", failures: 12 },
      replaced: { count: 3, lastAtMs: 0, why: "w" },
      turnedAway: { count: 4, lastAtMs: 0 },
    } as const;
    const numbers = { connections: 1, residentBytes: 2, startedAtMs: 3, isReady: false };
    const lines = metricsText({ ...running, platforms: [platform, { ...platform, id: "b", doubt: "d" }] }, numbers).split("\n");
    for (const line of [
      'hermes_platform_up{platform="acme"} 0',
      'hermes_platform_breaker_open{platform="acme"} 1',
      'hermes_platform_failures_in_a_row{platform="acme"} 12',
      'hermes_platform_suspect{platform="acme"} 0',
      'hermes_platform_suspect{platform="b"} 1',
      'hermes_connections_replaced_total{platform="acme"} 3',
      'hermes_requests_turned_away{platform="acme"} 4',
    ])
      expect(lines).toContain(line);
  });
});

describe("/readyz and /healthz", () => {
  it("are for anybody; reasons and platforms only for who may read", async () => {
    const { url } = await openHouse();
    expect(await (await fetch(`${url}/readyz`)).json()).toEqual({ status: "ready" });
    expect(await (await fetch(`${url}/readyz`, { headers: bearer(readToken) })).json()).toMatchObject({
      reasons: [],
      phase: "running",
    });
    expect((await fetch(`${url}/readyz`, { headers: bearer("wrong") })).status).toBe(401);
    expect((await fetch(`${url}/healthz`, { headers: bearer("wrong") })).status).toBe(200);
    expect((await fetch(`${url}/healthz`, { method: "HEAD" })).status).toBe(200);
  });
});
