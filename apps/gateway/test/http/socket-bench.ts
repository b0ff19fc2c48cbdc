import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { HostSocket } from "@hermes/core";
import { createFakeClock, type FakeClock } from "@hermes/runtime/testing";
import { onTestFinished } from "vitest";
import { WebSocket } from "ws";
import { createSocketServer, type SocketServer } from "../../src/http/socket-server.ts";

export interface SocketBench {
  readonly sockets: SocketServer;
  readonly port: number;
  readonly clock: FakeClock;
  readonly logged: string[];
  /** A client whose handshake is done. */
  connect(): Promise<WebSocket>;
}

/** A server on loopback that hands each socket to `take`. */
export async function serveSockets(
  take: (socket: HostSocket) => Promise<void>,
  { maxMessageBytes = 1024 }: { readonly maxMessageBytes?: number } = {},
): Promise<SocketBench> {
  const clock = createFakeClock();
  const logged: string[] = [];
  const log = (message: string): void => void logged.push(message);
  const logger = { debug: log, info: log, warn: log, error: log };
  const sockets = createSocketServer({ maxMessageBytes, logger, clock });
  const server = createServer();
  server.on("upgrade", (incoming, socket, head) => sockets.upgrade(incoming, socket, head, take));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const clients: WebSocket[] = [];
  onTestFinished(async () => {
    for (const client of clients) client.terminate();
    await sockets.close(0);
    server.closeAllConnections();
    server.close();
  });
  return {
    sockets,
    port,
    clock,
    logged,
    async connect() {
      const client = new WebSocket(`ws://127.0.0.1:${port}/ws`);
      clients.push(client);
      await once(client, "open");
      return client;
    },
  };
}

/** Says back whatever comes. */
export async function echo(socket: HostSocket): Promise<void> {
  for await (const message of socket.messages) await socket.send(message);
}

/** With which code and why a client's connection ends. */
export async function ending(client: WebSocket): Promise<readonly [code: number, reason: string]> {
  const [code, reason] = (await once(client, "close")) as [number, Buffer];
  return [code, reason.toString()];
}

/** The next message that comes to a client. */
export async function next(client: WebSocket): Promise<string> {
  const [data] = (await once(client, "message")) as [Buffer];
  return data.toString();
}
