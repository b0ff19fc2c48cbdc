import { connect } from "node:net";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { createOfflineHandlers } from "../../src/rpc/offline-handlers.ts";
import { createRpcDoor } from "../../src/rpc/rpc-door.ts";
import { createBook, deliveryOf } from "../rpc/ledger-book.ts";
import { serveRoutes, token, type Served } from "./serve-routes.ts";

async function serve(ledger = createBook([deliveryOf("turn_1")]).ledger): Promise<Served> {
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const logger = { debug: log, info: log, warn: log, error: log };
  const handlers = createOfflineHandlers({ ledger, platforms: () => [], isReady: () => true });
  const served = await serveRoutes({ parts: { rpc: createRpcDoor({ handlers, logger }) } });
  return { ...served, logged };
}

const json = { "content-type": "application/json" };
const trusted = { ...json, authorization: `Bearer ${token}` };

async function post(
  url: string,
  body: string | Uint8Array<ArrayBuffer>,
  headers: Readonly<Record<string, string>> = trusted,
): Promise<[number, unknown]> {
  const response = await fetch(`${url}/rpc`, { method: "POST", headers, body });
  const answer = await response.text();
  return [response.status, answer === "" ? undefined : JSON.parse(answer)];
}

const request = (method: string, params: object = {}, id: unknown = 1): string =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });

describe("POST /rpc", () => {
  it("answers who has the token, one request or a batch", async () => {
    const { url } = await serve();
    expect(await post(url, request("deliveries.list"))).toEqual([
      200,
      { jsonrpc: "2.0", id: 1, result: { rows: [expect.objectContaining({ replyId: "turn_1" })] } },
    ]);
    const batch = `[${request("health", {}, "a")},${request("events.list", {}, "b")}]`;
    expect(await post(url, batch)).toEqual([
      200,
      [
        { jsonrpc: "2.0", id: "a", result: { status: "ok", ready: true } },
        { jsonrpc: "2.0", id: "b", result: { rows: [] } },
      ],
    ]);
  });

  it("tells anybody that it is well, and nothing else", async () => {
    const { url } = await serve();
    expect(await post(url, request("health"), json)).toMatchObject([200, { result: { status: "ok" } }]);
    for (const method of ["deliveries.list", "deliveries.retry", "timeline.show", "platforms.list"]) {
      expect(await post(url, request(method), json)).toMatchObject([200, { error: { data: { kind: "unauthorized" } } }]);
    }
  });

  it("refuses a wrong token, also for what anybody may ask, and stops listening after ten", async () => {
    const { url } = await serve();
    const wrong = { ...json, authorization: "Bearer wrong-token" };
    for (let count = 0; count < 10; count += 1) expect((await post(url, request("health"), wrong))[0]).toBe(401);
    expect((await post(url, request("health"), wrong))[0]).toBe(429);
    expect((await post(url, request("health")))[0]).toBe(429);
  });

  it("answers 204 to what wants no answer", async () => {
    const { url } = await serve();
    expect(await post(url, '{"jsonrpc":"2.0","method":"health"}')).toEqual([204, undefined]);
  });

  it("takes nothing a page on a stranger's site could send unasked", async () => {
    const { url } = await serve();
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"]) {
      expect((await post(url, request("health"), { ...trusted, "content-type": type }))[0]).toBe(415);
    }
    expect((await fetch(`${url}/rpc`)).status).toBe(405);
    const socket = connect(Number(new URL(url).port), "127.0.0.1");
    await once(socket, "connect");
    socket.write(`POST /rpc HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /u);
  });

  it("reads no more than is worth reading, and less from strangers", async () => {
    const { url } = await serve();
    const padded = (length: number): string => request("health").padEnd(length);
    expect((await post(url, padded(16 * 1024), json))[0]).toBe(200);
    expect((await post(url, padded(16 * 1024 + 1), json))[0]).toBe(413);
    expect((await post(url, padded(1024 * 1024)))[0]).toBe(200);
    expect((await post(url, padded(1024 * 1024 + 1)))[0]).toBe(413);
    expect((await post(url, new Uint8Array([0xff, 0xfe])))[0]).toBe(413);
  });

  it("says of a fault no more than that it is in the log", async () => {
    const book = createBook([]).ledger;
    const broken = async (): Promise<never> => {
      throw new Error("the inside story");
    };
    const { url, logged } = await serve({ ...book, listEvents: broken });
    const [, answer] = await post(url, request("events.list"));
    expect(answer).toMatchObject({ error: { code: -32603 } });
    expect(JSON.stringify(answer)).not.toContain("inside story");
    expect(logged).toEqual(["events.list failed: the inside story"]);
  });
});
