import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { Received } from "@hermes/core";

/** Where webhooks come in, over real HTTP. */
export interface Door {
  readonly url: string;
  /** Every request that came, and what it was answered; 0 while it is not. */
  readonly visits: readonly { readonly status: number }[];
  /** Who takes the requests now. */
  receive: (request: Request) => Promise<Received>;
  close(): Promise<void>;
}

/** Opens the door on a free port of 127.0.0.1; until somebody receives, it answers 503. */
export async function openDoor(): Promise<Door> {
  const visits: { status: number }[] = [];
  const server = createServer((request, response) => {
    const visit = { status: 0 };
    visits.push(visit);
    void answer(request, response, door.receive).then((status) => (visit.status = status));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const door: Door = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    visits,
    receive: async () => new Response("nobody is at home", { status: 503 }),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return door;
}

async function answer(incoming: IncomingMessage, response: ServerResponse, receive: Door["receive"]): Promise<number> {
  const method = incoming.method ?? "GET";
  const body = method === "GET" || method === "HEAD" ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  const headers = Object.entries(incoming.headers).map(([name, value]): [string, string] => [name, String(value)]);
  const url = new URL(incoming.url ?? "/", `http://${incoming.headers.host ?? "127.0.0.1"}`);
  const received = await receiveSafely(receive, new Request(url, { method, headers, body, duplex: "half" }));
  const bytes = Buffer.from(await received.arrayBuffer());
  response.writeHead(received.status, Object.fromEntries(received.headers)).end(bytes);
  return received.status;
}

/** A platform that throws is answered for as the gateway's server does. */
async function receiveSafely(receive: Door["receive"], request: Request): Promise<Response> {
  try {
    const received = await receive(request);
    return received instanceof Response ? received : new Response("no sockets are opened here", { status: 501 });
  } catch {
    return new Response("the platform threw", { status: 500 });
  }
}
