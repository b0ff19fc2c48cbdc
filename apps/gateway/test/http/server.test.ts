import { once } from "node:events";
import { connect } from "node:net";
import type { GatewayStatus } from "@hermes/runtime";
import { describe, expect, it } from "vitest";
import { watchReadiness } from "../../src/http/readiness.ts";
import { createGate } from "../../src/http/gate.ts";
import { listen, type HttpTimeouts } from "../../src/http/server.ts";
import { createSocketServer } from "../../src/http/socket-server.ts";
import { raw } from "./raw.ts";
import { running, serveRoutes, token, type Served } from "./serve-routes.ts";

async function serve(
  fetch: (request: Request) => Promise<Response> = async () => new Response("from the platform"),
  options: {
    readonly status?: GatewayStatus;
    readonly broken?: readonly string[];
    readonly now?: () => number;
    readonly timeouts?: HttpTimeouts;
  } = {},
): Promise<Served> {
  const { status = running, broken = [], now = () => 0, timeouts } = options;
  return serveRoutes({
    gateway: { fetch, status: () => status },
    broken,
    clock: { now, wakeAt: () => () => undefined },
    ...(timeouts === undefined ? {} : { timeouts }),
  });
}

const get = (port: number, path: string, headers = ""): Promise<string> =>
  raw(port, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${headers}Connection: close\r\n\r\n`);

describe("the server's own addresses", () => {
  it("say that the process is alive, to anybody", async () => {
    const { server } = await serve();
    const response = await fetch(`${server.url}/healthz`);
    expect([response.status, await response.json()]).toEqual([200, { status: "ok" }]);
    expect(response.headers.get("cache-control")).toBe("no-store");
  });

  it("answer 404 in JSON for everything else, and 405 for a method that is not meant", async () => {
    const { server } = await serve();
    const response = await fetch(`${server.url}/elsewhere`);
    expect([response.status, await response.json()]).toEqual([404, { error: "there is nothing here" }]);
    expect((await fetch(`${server.url}/healthz`, { method: "POST", body: "x" })).status).toBe(405);
    for (const path of ["/v1/messages", "/rpc", "/v1/files", "/console/sign-in"])
      expect((await fetch(`${server.url}${path}`)).status).toBe(405);
  });

  it("are not for a name that may have been made to point here (class 4)", async () => {
    const { port } = await serve();
    const from = (host: string, path: string): Promise<string> =>
      raw(port, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    for (const host of ["evil.example", `evil.example:${port}`, "127.0.0.1.evil.example", "localhost.evil.example"]) {
      expect(await from(host, "/readyz")).toMatch(/^HTTP\/1\.1 421 /u);
    }
    for (const host of ["localhost", `127.0.0.1:${port}`, "[::1]:99", "LOCALHOST"])
      expect(await from(host, "/readyz")).toMatch(/^HTTP\/1\.1 200 /u);
    expect(await from("hooks.example.com", "/webhooks/acme")).toMatch(/^HTTP\/1\.1 200 /u);
  });

  it.each(["", "a b", "evil/path", "user@host", "host:99999999", "host\u00e9"])("refuse the Host header `%s`", async (host) => {
    const { port } = await serve();
    expect(await raw(port, `GET /webhooks/acme HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 400 /u,
    );
  });

  it.each([
    "/webhooks/%2e%2e%2fhealthz",
    "/webhooks/..%5chealthz",
    "/webhooks/../healthz",
    "/webhooks/%2e%2e/healthz",
    "/webhooks/%2E/acme",
    "/webhooks/acme%00",
    "/./healthz",
    "//healthz",
    "/a\\b",
    "http://127.0.0.1/healthz",
    "*",
  ])("refuse the address `%s` (class 10)", async (path) => {
    expect(await get((await serve()).port, path)).toMatch(/^HTTP\/1\.1 400 /u);
  });
});

describe("readiness", () => {
  const facts = { admission: { taken: 0, refused: 0 }, delivery: { sent: 0, failed: 0 } };
  const platform = { id: "acme", kind: "acme", sinceMs: 0, ...facts } as const;

  it("is a bare verdict without the token", async () => {
    const { server } = await serve(undefined, {
      status: { ...running, platforms: [{ ...platform, condition: { state: "failed", reason: "secret story" } }] },
    });
    const response = await fetch(`${server.url}/readyz`);
    expect([response.status, await response.json()]).toEqual([503, { status: "not ready" }]);
  });

  it("has every platform's state with the token", async () => {
    const { server } = await serve(undefined, {
      status: { ...running, platforms: [{ ...platform, condition: { state: "up", transport: "up" } }] },
    });
    const response = await fetch(`${server.url}/readyz`, { headers: { authorization: `Bearer ${token}` } });
    expect([response.status, await response.json()]).toEqual([
      200,
      expect.objectContaining({ status: "ready", platforms: [expect.objectContaining({ id: "acme" })] }),
    ]);
  });

  it.each([
    ["the gateway is stopping", { ...running, phase: "stopping" }],
    ["the store does not take writes", { ...running, storeWritable: false }],
    ["acme has failed", { ...running, platforms: [{ ...platform, condition: { state: "failed", reason: "r" } }] }],
    [
      "acme is left alone after 10 failures in a row",
      { ...running, platforms: [{ ...platform, condition: { state: "tripped", reason: "r", failures: 10 } }] },
    ],
    [
      "acme is used by another gateway",
      { ...running, platforms: [{ ...platform, condition: { state: "blocked", heldBy: "x", retryAtMs: 1 } }] },
    ],
  ] as const)("is denied when %s", async (reason, status) => {
    const { server } = await serve(undefined, { status });
    const response = await fetch(`${server.url}/readyz`, { headers: { authorization: `Bearer ${token}` } });
    expect([response.status, await response.json()]).toEqual([503, expect.objectContaining({ reasons: [reason] })]);
  });

  it("is denied when a platform's configuration is wrong", async () => {
    const { server } = await serve(undefined, { broken: ["acme"] });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
  });

  it("has patience with a platform that is on its way, for a minute, however its state goes to and fro", () => {
    let nowMs = 0;
    let condition: GatewayStatus["platforms"][number]["condition"] = { state: "connecting", attempt: 1 };
    const status = (): GatewayStatus => ({ ...running, platforms: [{ ...platform, sinceMs: nowMs, condition }] });
    const watch = watchReadiness({ status }, [], { now: () => nowMs, wakeAt: () => () => undefined });
    for (nowMs = 0; nowMs <= 60_000; nowMs += 10_000) {
      condition = nowMs % 20_000 === 0 ? { state: "connecting", attempt: 1 } : { state: "waiting", reason: "r", retryAtMs: 0 };
      expect(watch.now().reasons).toEqual([]);
    }
    expect(watch.now().reasons).toEqual(["acme is not connected"]);
    condition = { state: "up", transport: "resuming" };
    expect(watch.now().reasons).toEqual([]);
  });
});

describe("the bearer token", () => {
  it.each([
    ["none", undefined],
    ["a wrong one", "Bearer wrong"],
    ["the beginning of the right one", `Bearer ${token.slice(0, -1)}`],
    ["another scheme", `Basic ${token}`],
    ["an empty one", "Bearer "],
    ["a huge one", `Bearer ${"x".repeat(8000)}`],
    ["two of them", `Bearer ${token} ${token}`],
  ])("is needed at every door: %s is refused", async (_what, authorization) => {
    const { server, port } = await serve(() => Promise.reject(new Error("must not be reached")));
    const headers = authorization === undefined ? {} : { authorization };
    for (const path of ["/v1/messages", "/v1/files?name=a.txt"])
      expect((await fetch(`${server.url}${path}`, { method: "POST", headers, body: "{}" })).status).toBe(401);
    for (const path of ["/metrics", "/console/session", "/v1/files/AAAAAAAAAAAAAAAAAAAAAA"])
      expect((await fetch(`${server.url}${path}`, { headers })).status).toBe(401);
    if (authorization === undefined) return;
    const upgrade = `Authorization: ${authorization}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n`;
    expect(await get(port, "/ws", upgrade)).toMatch(/^HTTP\/1\.1 401 /u);
  });

  it("cannot be guessed for long (class 11)", async () => {
    let nowMs = 0;
    const { server } = await serve(undefined, { now: () => nowMs });
    const ask = async (given: string): Promise<number> =>
      (await fetch(`${server.url}/readyz`, { headers: { authorization: `Bearer ${given}` } })).status;
    for (let tries = 0; tries < 10; tries += 1) expect(await ask(`wrong-${tries}`)).toBe(401);
    expect(await ask("wrong")).toBe(429);
    expect(await ask(token)).toBe(429);
    nowMs = 60_001;
    expect(await ask(token)).toBe(200);
  });

  it("does not open the gateway's own door under a webhook's address", async () => {
    const { server } = await serve(() => Promise.reject(new Error("must not be reached")));
    for (const path of ["/webhooks/web", "/webhooks/web/", "/webhooks/x/webhooks/web"]) {
      expect((await fetch(`${server.url}${path}`, { method: "POST", body: "{}" })).status).toBe(404);
    }
  });
});

describe("limits", () => {
  it("refuse headers and addresses that are too large", async () => {
    const { port } = await serve();
    expect(await get(port, "/healthz", `X: ${"x".repeat(20_000)}\r\n`)).toMatch(/^HTTP\/1\.1 431 /u);
    expect(await get(port, `/healthz?${"x".repeat(5000)}`)).toMatch(/^HTTP\/1\.1 414 /u);
  });

  it.each([
    ["headers", "GET /healthz HTTP/1.1\r\nHost: local"],
    ["a body", "POST /webhooks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow"],
  ])("end a caller that never comes to the end of %s", async (_what, beginning) => {
    const timeouts = { headersMs: 60, requestMs: 120, checkEveryMs: 20 };
    const { port } = await serve(async (request) => new Response(await request.text()), { timeouts });
    expect(await raw(port, beginning)).toMatch(/^HTTP\/1\.1 408 |^$/u);
  });

  it("refuse what is not HTTP, a body with GET, and an upgrade", async () => {
    const { port } = await serve();
    expect(await raw(port, "hello\r\n\r\n")).toMatch(/^HTTP\/1\.1 400 /u);
    expect(
      await raw(port, "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"),
    ).toMatch(/^HTTP\/1\.1 400 /u);
    expect(await get(port, "/healthz", "Upgrade: websocket\r\nConnection: upgrade\r\n")).toMatch(/^HTTP\/1\.1 404 /u);
  });

  it("refuse a request with two lengths, which two servers may read as two requests", async () => {
    const { port } = await serve();
    expect(
      await raw(
        port,
        "POST /webhooks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      ),
    ).toMatch(/^HTTP\/1\.1 400 /u);
  });
});

describe("closing", () => {
  it("lets idle connections go at once", async () => {
    const { server, port } = await serve();
    const socket = connect(port, "127.0.0.1");
    await once(socket, "connect");
    socket.write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await once(socket, "data");
    const ended = once(socket, "close");
    await server.close(60_000);
    await ended;
  });

  it("cuts off what does not end in time", async () => {
    const { server } = await serve(() => new Promise<Response>(() => undefined));
    const request = fetch(`${server.url}/webhooks/acme`, { method: "POST", body: "{}" });
    const outcome = request.then(
      () => "answered",
      () => "cut off",
    );
    await fetch(`${server.url}/healthz`);
    await server.close(20);
    expect(await outcome).toBe("cut off");
  });
});

describe("a port that is taken", () => {
  it("is an error that names host, port, key and remedy, with exit code 78", async () => {
    const { port } = await serve();
    const logger = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
    const second = listen({
      host: "127.0.0.1",
      port,
      routes: { answer: () => new Response(), upgrade: async () => new Response() },
      gate: createGate({ listeningOn: "127.0.0.1", isTls: false, trustedProxies: [], allowAddresses: [] }),
      sockets: createSocketServer({ maxMessageBytes: 1, logger }),
      anonymousSockets: createSocketServer({ maxMessageBytes: 1, logger }),
      maxSockets: 1,
      logger,
    });
    await expect(second).rejects.toMatchObject({
      exitCode: 78,
      message: expect.stringMatching(
        new RegExp(
          `^Cannot listen on 127\\.0\\.0\\.1:${port} \\(server\\.host, server\\.port\\): EADDRINUSE\\. .*choose another port with`,
          "u",
        ),
      ) as unknown,
    });
  });
});
