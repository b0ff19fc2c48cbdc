import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import type { WebSocket, WebSocketServer } from "ws";

/** The server's end of a WebSocket. */
export interface ServerSocket {
  /** Where it was opened. */
  readonly url: URL;
  readonly headers: Readonly<IncomingMessage["headers"]>;
  /** What the client sends, until it is closed. */
  readonly messages: AsyncIterable<string | Uint8Array>;
  /** Text and bytes go out as they are, everything else as JSON. */
  send(data: unknown): void;
  close(code?: number, reason?: string): void;
  /** Breaks the connection, as a network does. */
  drop(): void;
}

/** How WebSockets are served. Needs the package `ws`. */
export interface SocketRoute {
  readonly path: string;
  /** Called for each socket; when it ends, the socket is closed. */
  serve(socket: ServerSocket): void | Promise<void>;
}

/** Takes over upgrade requests. */
export interface SocketDoor {
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer, url: URL): boolean;
  close(): void;
}

/** Loads `ws`. Rejects with what to do where it is not installed. */
export async function openSocketDoor(routes: readonly SocketRoute[], onFailure: (error: unknown) => void): Promise<SocketDoor> {
  const { WebSocketServer } = await loadWs();
  const server = new WebSocketServer({ noServer: true });
  return {
    upgrade(request, stream, head, url) {
      const route = routes.find(({ path }) => path === url.pathname);
      if (route === undefined) return false;
      server.handleUpgrade(request, stream, head, (socket) => void serve(socket, route, request, url).catch(onFailure));
      return true;
    },
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
    },
  };
}

async function loadWs(): Promise<{ readonly WebSocketServer: typeof WebSocketServer }> {
  try {
    return await import("ws");
  } catch (error) {
    throw new Error("A protocol server with sockets needs the package ws: npm install --save-dev ws", { cause: error });
  }
}

async function serve(socket: WebSocket, route: SocketRoute, request: IncomingMessage, url: URL): Promise<void> {
  // A connection that breaks is an end like any other here; `close` follows.
  socket.on("error", () => undefined);
  const messages = messagesOf(socket);
  try {
    await route.serve({
      url,
      headers: request.headers,
      messages,
      send: (data) => socket.send(typeof data === "string" || data instanceof Uint8Array ? data : JSON.stringify(data)),
      close: (code, reason) => socket.close(code, reason),
      drop: () => socket.terminate(),
    });
  } finally {
    socket.close();
  }
}

function messagesOf(socket: WebSocket): AsyncIterable<string | Uint8Array> {
  const queue: (string | Uint8Array)[] = [];
  let isOver = false;
  let wake = (): void => undefined;
  socket.on("message", (data: Buffer, isBinary: boolean) => {
    queue.push(isBinary ? new Uint8Array(data) : data.toString("utf8"));
    wake();
  });
  socket.on("close", () => {
    isOver = true;
    wake();
  });
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = queue.shift();
        if (next !== undefined) yield next;
        else if (isOver) return;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    },
  };
}
