import { once } from "node:events";
import { connect } from "node:net";
import { text } from "node:stream/consumers";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { createConsoleFiles } from "../../src/http/console-files.ts";
import { serveRoutes, type Served } from "../http/serve-routes.ts";
import { temporaryHome } from "../temporary-home.ts";

const page = "<!doctype html><title>Hermes</title>";
const script = `console.log("${"x".repeat(2000)}");`;

async function serve(): Promise<Served> {
  const home = await temporaryHome({
    "secret.txt": "secret",
    "dist/index.html": page,
    "dist/assets/index-a1b2.js": script,
    "dist/assets/style-c3d4.css": "a{}",
    "dist/favicon.svg": "<svg/>",
    "dist/site.webmanifest": "{}",
  });
  return await serveRoutes({ parts: { consoleFiles: createConsoleFiles(`${home}/dist`) } });
}

/** The bytes that a request is answered with, as it is written. */
async function raw({ port }: Served, path: string, headers = "", method = "GET"): Promise<{ head: string; body: Buffer }> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.setEncoding("latin1");
  socket.write(`${method} ${path} HTTP/1.1\r\nHost: localhost\r\n${headers}Connection: close\r\n\r\n`, "latin1");
  const [head = "", ...rest] = (await text(socket)).split("\r\n\r\n");
  return { head, body: Buffer.from(rest.join("\r\n\r\n"), "latin1") };
}

describe("The page", () => {
  it.each([
    ["/", "text/html; charset=utf-8", "no-cache"],
    ["/index.html", "text/html; charset=utf-8", "no-cache"],
    ["/assets/index-a1b2.js", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable"],
    ["/assets/style-c3d4.css", "text/css; charset=utf-8", "public, max-age=31536000, immutable"],
    ["/favicon.svg", "image/svg+xml", "no-cache"],
    ["/site.webmanifest", "application/manifest+json", "no-cache"],
  ])("has %s of the type %s, kept %s", async (path, type, kept) => {
    const { url } = await serve();
    const response = await fetch(`${url}${path}`);
    expect([response.status, response.headers.get("content-type"), response.headers.get("cache-control")]).toEqual([
      200,
      type,
      kept,
    ]);
    await response.body?.cancel();
  });

  it("runs nothing but its own files, in nobody's frame", async () => {
    const { url } = await serve();
    const { headers } = await fetch(url);
    expect(headers.get("content-security-policy")).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
    expect([headers.get("x-frame-options"), headers.get("x-content-type-options"), headers.get("referrer-policy")]).toEqual([
      "DENY",
      "nosniff",
      "no-referrer",
    ]);
  });

  it("is the same for every path of its own, and files that are missing are missing", async () => {
    const { url } = await serve();
    for (const path of ["/chats", "/chats/agent:main:web:dm:owner", "/settings/tokens", "/a/b/c/d"])
      expect(await (await fetch(`${url}${path}`)).text()).toBe(page);
    for (const path of [
      "/assets/missing-1.js",
      "/assets/missing",
      "/assets/",
      "/robots.txt",
      "/v1/unknown",
      "/v1/",
      "/console/unknown",
    ])
      expect((await fetch(`${url}${path}`)).status).toBe(404);
    expect((await fetch(url, { method: "POST" })).status).toBe(404);
  });

  it("is compressed as the browser likes it", async () => {
    const served = await serve();
    const brotli = await raw(served, "/assets/index-a1b2.js", "Accept-Encoding: gzip, br\r\nTE: x\r\n");
    expect(brotli.head).toContain("content-encoding: br");
    expect(brotli.head).toContain("vary: accept-encoding");
    const chunked = (body: Buffer): Buffer => {
      const pieces: Buffer[] = [];
      for (let at = 0; ;) {
        const end = body.indexOf("\r\n", at);
        const size = Number.parseInt(body.toString("latin1", at, end), 16);
        if (size === 0) return Buffer.concat(pieces);
        pieces.push(body.subarray(end + 2, end + 2 + size));
        at = end + 2 + size + 2;
      }
    };
    expect(brotliDecompressSync(chunked(brotli.body)).toString()).toBe(script);
    const zipped = await raw(served, "/assets/index-a1b2.js", "Accept-Encoding: br;q=0, gzip;q=0.5\r\n");
    expect(zipped.head).toContain("content-encoding: gzip");
    expect(gunzipSync(chunked(zipped.body)).toString()).toBe(script);
    for (const accept of ["", "Accept-Encoding: identity\r\n", "Accept-Encoding: brx, gzipped\r\n"])
      expect((await raw(served, "/assets/index-a1b2.js", accept)).head).not.toContain("content-encoding");
  });

  it("answers HEAD with its head alone", async () => {
    const { head, body } = await raw(await serve(), "/", "", "HEAD");
    expect(head).toMatch(/^HTTP\/1\.1 200 /u);
    expect(body.toString()).toBe("");
  });

  it.each([
    "/../secret.txt",
    "/%2e%2e/secret.txt",
    "/..%2fsecret.txt",
    "/%2e%2e%2fsecret.txt",
    "/assets/../../secret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/..%5csecret.txt",
    "/..\\secret.txt",
    "//secret.txt",
    "/secret.txt%00.html",
    "/\u0000",
    "/%252e%252e/secret.txt",
    "/.%2e/secret.txt",
    "/secret.txt",
    "/..;/secret.txt",
  ])("gives out nothing that lies beside it: %j", async (path) => {
    const { head, body } = await raw(await serve(), path);
    expect(head).toMatch(/^HTTP\/1\.1 (?:400|404) /u);
    expect(body.toString()).not.toMatch(/^secret/mu);
  });

  it("is missing where none was built, and everything else is served", async () => {
    const { url } = await serveRoutes();
    expect((await fetch(url)).status).toBe(404);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    const other = await serveRoutes({ parts: { consoleFiles: createConsoleFiles("/nowhere/at/all") } });
    expect((await fetch(other.url)).status).toBe(404);
  });
});
