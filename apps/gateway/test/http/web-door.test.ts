import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createWebDoor, type WebCredential, type WebOptions } from "@hermes/platform-web";
import { methods, RpcError } from "@hermes/protocol";
import { createGateway } from "@hermes/runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createSocketServer } from "../../src/http/socket-server.ts";
import { ending } from "./socket-bench.ts";

const logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

function refusing(): WebOptions["handlers"] {
  const refuse = async (): Promise<never> => {
    throw new RpcError("unavailable", "Not here");
  };
  return Object.fromEntries(Object.keys(methods).map((name) => [name, refuse])) as unknown as WebOptions["handlers"];
}

/** A gateway with the door, its sockets, and an answer of as many words as it is asked for. */
async function serve() {
  const ended = new AbortController();
  const credential: WebCredential = { id: "token", userId: "ada", scope: "write", ended: ended.signal };
  const authenticate = ({ headers }: Request) => (headers.get("authorization") === "Bearer t" ? credential : undefined);
  const door = createWebDoor({ authenticate, handlers: refusing(), limits: { maxUnsentBytes: 100_000 } });
  const gateway = createGateway({
    platforms: [door.platform],
    access: { allow: ["web:ada"] },
    logger,
    agent: async function* (turn) {
      for (let word = 0; word < Number(turn.input[0].text); word += 1) yield { type: "text-delta", text: `word${word} ` };
    },
  });
  await gateway.start();
  const sockets = createSocketServer({ maxMessageBytes: 1024 * 1024, logger });
  const server = createServer();
  server.on("upgrade", (incoming, socket, head) => {
    const authorization = incoming.headers.authorization ?? "";
    const request = new Request("http://127.0.0.1/webhooks/web", { headers: { upgrade: "websocket", authorization } });
    void gateway.receive(request).then((received) => {
      if (received instanceof Response) socket.destroy();
      else sockets.upgrade(incoming, socket, head, received.upgrade);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  onTestFinished(async () => {
    door.close();
    await gateway.stop();
    await sockets.close(0);
    server.close();
  });
  return {
    door,
    gateway,
    end: () => ended.abort(),
    connect: async (): Promise<WebSocket> => {
      const client = new WebSocket(`ws://127.0.0.1:${port}/ws`, { headers: { authorization: "Bearer t" } });
      onTestFinished(() => client.terminate());
      await once(client, "open");
      return client;
    },
  };
}

/** What comes, until something of it fits. */
async function heardUntil(client: WebSocket, isLast: (message: string) => boolean): Promise<readonly string[]> {
  const heard: string[] = [];
  await new Promise<void>((resolve) => {
    client.on("message", (data: Buffer) => {
      heard.push(data.toString());
      if (isLast(heard.at(-1) ?? "")) resolve();
    });
  });
  return heard;
}

const ask = (client: WebSocket, method: string, params: object): void =>
  client.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }));

describe("The door over real sockets", () => {
  it("streams an answer to whoever asked", async () => {
    const { connect } = await serve();
    const client = await connect();
    const heard = heardUntil(client, (message) => message.includes("chat.done"));
    ask(client, "chat.send_stream", { text: "50" });
    const messages = (await heard).map(
      (message) => JSON.parse(message) as { params?: { type: string; delta?: string; text?: string } },
    );
    const deltas = messages.flatMap(({ params }) => (params?.type === "chat.delta" ? [params.delta] : []));
    expect(messages[0]).toHaveProperty("result");
    expect(deltas.join("")).toBe(messages.at(-1)?.params?.text);
    expect(deltas.join("")).toContain("word49");
  });

  it("lets go of somebody who does not read, while everybody else goes on", async () => {
    const { connect, door } = await serve();
    const [slow, sender] = [await connect(), await connect()];
    const session_key = "agent:main:web:dm:ada";
    const subscribed = once(slow, "message");
    ask(slow, "session.subscribe", { session_key });
    await subscribed;
    slow.pause();
    const closed = ending(slow);
    let answers = 0;
    for (; door.connectionCount === 2; answers += 1) {
      const heard = heardUntil(sender, (message) => message.includes('"id":1'));
      ask(sender, "chat.send", { text: "50000" });
      await heard;
      sender.removeAllListeners("message");
    }
    slow.resume();
    expect(answers).toBeGreaterThan(0);
    expect((await closed)[0]).toBe(4408);
  }, 14_000);

  it("closes the sockets of a credential that is over, and all of them when the gateway ends", async () => {
    const first = await serve();
    const closed = ending(await first.connect());
    first.end();
    expect((await closed)[0]).toBe(4401);
    const second = await serve();
    const closedToo = ending(await second.connect());
    await second.gateway.stop();
    expect((await closedToo)[0]).toBe(1012);
  });
});
