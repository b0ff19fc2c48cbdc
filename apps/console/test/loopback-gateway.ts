import { createDispatcher } from "@hermes/protocol";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { createHandlers, type LoopbackCaller } from "./loopback/handlers.ts";
import { createWorld } from "./loopback/world.ts";

/** As much of a WebSocket of `ws` as is used. */
interface Socket {
  send(text: string): void;
  terminate(): void;
  on(event: "message", listener: (data: { toString(): string }) => void): void;
  on(event: "close", listener: () => void): void;
}

interface SocketServer {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, accepted: (socket: Socket) => void): void;
}

export interface LoopbackOptions {
  /** Default 8643, where `vite` looks for it; 0: one that is free. */
  readonly port?: number;
  /** Nothing was ever said or configured. */
  readonly isEmpty?: boolean;
}

/** A gateway that is none: it keeps everything in memory and makes its answers up, for developing and looking at the console. */
export interface LoopbackGateway {
  readonly url: string;
  /** Works as often as one likes. */
  readonly code: string;
  /** Cuts every socket. */
  cut(): void;
  /** While false, sockets are refused. */
  accept(isAccepting: boolean): void;
  close(): Promise<void>;
}

const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".webmanifest": "application/manifest+json",
};
const dist = fileURLToPath(new URL("../dist", import.meta.url));
const code = "FAKE-CODE";
const mostUploadBytes = 10 * 1024 * 1024;

/** Serves the built console and makes up the gateway behind it. */
export async function startLoopbackGateway({ port = 8643, isEmpty = false }: LoopbackOptions = {}): Promise<LoopbackGateway> {
  // The gateway has the WebSocket server; the console itself needs none.
  const fromGateway = createRequire(new URL("../../gateway/package.json", import.meta.url));
  const { WebSocketServer } = fromGateway("ws") as { readonly WebSocketServer: new (options: object) => SocketServer };
  const world = createWorld(Date.now(), isEmpty);
  const callers = new Set<LoopbackCaller>();
  const sockets = new Set<Socket>();
  const files = new Map<string, { readonly name: string; readonly type: string; readonly bytes: Buffer }>();
  let isAccepting = true;
  const handlers = createHandlers({ world, stream: randomUUID(), callers, files });
  const dispatcher = createDispatcher<LoopbackCaller>({
    handlers,
    onFault(error) {
      throw error;
    },
  });

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://loopback");
    const isSignedIn = /\bhermes=fake\b/u.test(request.headers.cookie ?? "");
    if (pathname === "/console/session")
      return answerJson(response, isSignedIn ? 200 : 401, isSignedIn ? { user: "ada", scope: "admin" } : {});
    if (pathname === "/console/sign-in") return await signIn(request, response);
    if (pathname === "/console/sign-out")
      return void response.writeHead(204, { "set-cookie": "hermes=; Max-Age=0; Path=/" }).end();
    if (pathname === "/v1/files" && request.method === "POST") {
      const bytes = await bodyOf(request);
      if (bytes.length > mostUploadBytes) return void response.writeHead(413).end();
      const id = randomUUID();
      const type = request.headers["content-type"] ?? "application/octet-stream";
      const name = searchParams.get("name") ?? "file";
      files.set(id, { name, type, bytes });
      return answerJson(response, 200, {
        id,
        kind: type.startsWith("image/") ? "image" : "file",
        name,
        mime_type: type,
        size: bytes.length,
        path: `/v1/files/${id}`,
      });
    }
    const file = files.get(pathname.replace("/v1/files/", ""));
    if (file !== undefined) return void response.writeHead(200, { "content-type": file.type }).end(file.bytes);
    await serveFile(pathname, response);
  };

  const upgrades = new WebSocketServer({ noServer: true, maxPayload: 2_000_000 });
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isAccepting || !/\bhermes=fake\b/u.test(request.headers.cookie ?? "")) return void socket.destroy();
    upgrades.handleUpgrade(request, socket, head, (accepted) => {
      sockets.add(accepted);
      const send = (message: object): void => accepted.send(JSON.stringify(message));
      const caller: LoopbackCaller = {
        scope: "admin",
        subscriptions: new Set(),
        send: (params) => send({ jsonrpc: "2.0", method: "event", params }),
      };
      callers.add(caller);
      accepted.on("message", (data) => {
        void dispatcher.dispatch(data.toString(), caller).then((answer) => {
          if (answer !== undefined) accepted.send(answer);
        });
      });
      accepted.on("close", () => {
        callers.delete(caller);
        sockets.delete(accepted);
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.terminate();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    code,
    cut,
    accept(next) {
      isAccepting = next;
    },
    async close() {
      cut();
      await closed(server);
    },
  };
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}

async function signIn(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse((await bodyOf(request)).toString()) as { readonly code?: unknown };
  if (body.code !== code) return void response.writeHead(401).end();
  response.writeHead(204, { "set-cookie": "hermes=fake; HttpOnly; SameSite=Strict; Path=/" }).end();
}

async function serveFile(pathname: string, response: ServerResponse): Promise<void> {
  const name = extname(pathname) === "" ? "index.html" : normalize(pathname).replace(/^(?:\.\.[/\\])+/u, "");
  const bytes = await readFile(join(dist, name)).catch(() => undefined);
  if (bytes === undefined) return void response.writeHead(404).end();
  response
    .writeHead(200, {
      "content-type": types[extname(name)] ?? "application/octet-stream",
      "content-security-policy": policy,
      "x-content-type-options": "nosniff",
    })
    .end(bytes);
}

function answerJson(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece);
  return Buffer.concat(pieces);
}

if (import.meta.main) {
  const { url } = await startLoopbackGateway({ isEmpty: process.argv.includes("--empty") });
  console.log(`${url}/#code=${code}`);
}
