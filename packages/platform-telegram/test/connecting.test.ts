import { createServer as createHttpServer, request as httpRequest, type Server as HttpServer } from "node:http";
import { inspect } from "node:util";
import type { Connection } from "@hermes/core";
import { beforeEach, describe, expect, test } from "vitest";
import { telegram } from "../src/telegram.ts";
import { closeAfterEach } from "./closing.ts";
import { ada, connectBot, failed, never, options, saying } from "./connected-bot.ts";
import type { RecordingHost } from "@hermes/testkit";
import type { BotApiServer, Fault } from "./server.ts";

closeAfterEach();

let server: BotApiServer;
let host: RecordingHost;
let connection: Connection;

beforeEach(async () => {
  ({ server, host, connection } = await connectBot());
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
    expect(seen).toEqual(Array<string>(4).fill(`${target} Basic ${credentials}`));
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
