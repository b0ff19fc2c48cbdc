import { describe, expect, it } from "vitest";
import { raw } from "./raw.ts";
import { serveRoutes, type Served } from "./serve-routes.ts";

const serve = (fetch: (request: Request) => Promise<Response>): Promise<Served> => serveRoutes({ gateway: { fetch } });

describe("a webhook", () => {
  it("reaches its platform with method, headers, query and body untouched", async () => {
    const seen: unknown[] = [];
    const { server } = await serve(async (request) => {
      const url = new URL(request.url);
      seen.push(request.method, url.pathname, url.search, request.headers.get("x-signature"), await request.text());
      const headers = new Headers({ "x-answer": "yes" });
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      return new Response("taken", { status: 202, headers });
    });
    const body = `{"text": "${"ä".repeat(40_000)}"}`;
    const response = await fetch(`${server.url}/webhooks/acme?a=%2F&b`, {
      method: "POST",
      headers: { "x-signature": "abc" },
      body,
    });
    expect(seen).toEqual(["POST", "/webhooks/acme", "?a=%2F&b", "abc", body]);
    expect([response.status, response.headers.get("x-answer"), response.headers.getSetCookie(), await response.text()]).toEqual([
      202,
      "yes",
      ["a=1", "b=2"],
      "taken",
    ]);
  });

  it("is not read before the platform asks, and is answered all the same (class 15)", async () => {
    const { port } = await serve(async () => new Response("refused", { status: 401 }));
    const answer = await raw(
      port,
      `POST /webhooks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000\r\n\r\n`,
      "only a beginning",
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /u);
    expect(answer.toLowerCase()).toContain("connection: close");
  });

  it("with too large a body announced is refused at once", async () => {
    const { port } = await serve(() => Promise.reject(new Error("must not be reached")));
    expect(await raw(port, `POST /webhooks/acme HTTP/1.1\r\nHost: x\r\nContent-Length: 40000000\r\n\r\n`)).toMatch(
      /^HTTP\/1\.1 413 /u,
    );
  });

  it("with too large a body that was not announced fails for the platform that reads all of it", async () => {
    const { server, logged } = await serve(async (request) => new Response(String((await request.arrayBuffer()).byteLength)));
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent += 1;
        if (sent > 40) controller.close();
        else controller.enqueue(new Uint8Array(1024 * 1024));
      },
    });
    const response = await fetch(`${server.url}/webhooks/acme`, { method: "POST", body, duplex: "half" }).catch(() => undefined);
    expect([undefined, 500]).toContain(response?.status);
    expect(logged.join()).toContain("larger than");
  });

  it("whose platform fails is answered 500 without a word about why", async () => {
    const { server, logged } = await serve(() => Promise.reject(new Error("database password is x")));
    const response = await fetch(`${server.url}/webhooks/acme`, { method: "POST", body: "{}" });
    expect([response.status, await response.json()]).toEqual([500, { error: "the request failed" }]);
    expect(logged).toEqual(["A request to /webhooks/acme failed: database password is x"]);
  });

  it("streams an answer as it comes and learns when the caller has gone", async () => {
    const cancelled = Promise.withResolvers<unknown>();
    const { server } = await serve(
      async () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(new TextEncoder().encode("first")),
            cancel: (reason) => cancelled.resolve(reason),
          }),
        ),
    );
    const caller = new AbortController();
    const response = await fetch(`${server.url}/webhooks/acme`, { method: "POST", body: "{}", signal: caller.signal });
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe("first");
    caller.abort();
    expect(await cancelled.promise).toBe("The caller has gone");
  });
});
