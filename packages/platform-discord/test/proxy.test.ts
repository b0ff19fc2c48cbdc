import { once } from "node:events";
import { createServer, request as httpRequest, type Server } from "node:http";
import { connect as netConnect } from "node:net";
import { inspect } from "node:util";
import { RecordingHost } from "@hermes/testkit";
import { expect, test } from "vitest";
import { discord } from "../src/discord.ts";
import { closeAfterEach, closing } from "./closing.ts";
import { failed, foundTown, listening, never, soon } from "./town.ts";

closeAfterEach();

async function opened(proxy: Server): Promise<string> {
  proxy.listen(0, "127.0.0.1");
  await once(proxy, "listening");
  closing.push(async () => {
    proxy.closeAllConnections();
    proxy.close();
  });
  const address = proxy.address();
  return `http://user:FAKE-PASSWORD@127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
}

test("A proxy carries every call and the gateway's connection", async () => {
  const town = await foundTown();
  const { server, ada, direct } = town;
  const seen: string[] = [];
  const proxy = createServer((request, answer) => {
    seen.push(new URL(request.url ?? "").pathname);
    const { "proxy-authorization": _credentials, ...headers } = request.headers;
    const onward = httpRequest(request.url ?? "", { method: request.method ?? "GET", headers }, (received) => {
      answer.writeHead(received.statusCode ?? 500, received.headers);
      received.pipe(answer);
    });
    request.pipe(onward);
  });
  proxy.on("upgrade", (request, socket) => {
    const { pathname, search, hostname, port } = new URL(request.url ?? "");
    seen.push(pathname);
    const lines = Object.entries(request.headers).map(([name, value]) => `${name}: ${String(value)}`);
    const onward = netConnect(Number(port), hostname, () => {
      onward.write(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
      onward.pipe(socket).pipe(onward);
    });
    for (const end of [socket, onward]) end.on("error", () => onward.destroy());
  });
  const { host } = await listening(town, new RecordingHost(), { proxy: await opened(proxy) });
  server.say(direct, ada, "through the proxy");
  await soon(() => host.texts.includes("through the proxy"));
  expect(seen).toEqual(expect.arrayContaining(["/api/v10/users/@me", "/gateway"]));
});

test("A proxy that refuses is asked for Discord itself, and leaves its credentials out of the error", async () => {
  const { server } = await foundTown();
  const targets: (string | undefined)[] = [];
  const proxy = createServer();
  proxy.on("connect", (request, socket) => {
    targets.push(request.url);
    socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
  });
  const host = new RecordingHost();
  const error = await failed(discord({ token: server.token, proxy: await opened(proxy) }).connect(host, never));
  expect(targets).toEqual(["discord.com:443"]);
  expect(error.failure.kind).toBe("unavailable");
  expect(inspect(error, { depth: 9 }) + host.logs.join("\n")).not.toMatch(/FAKE-PASSWORD|FAKE-TOKEN/u);
});
