import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { Logger } from "@hermes/core";
import { GatewayError } from "../config/problem.ts";
import { hostName, isHostAllowed, urlHost } from "./address.ts";
import { announcesTooMuch, hasBody, sendResponse, toRequest } from "./bridge.ts";
import { answer, type Routes } from "./routes.ts";

const maxHeaderBytes = 16 * 1024;
const maxUrlLength = 4096;
const keepAliveMs = 5000;
const maxConnections = 1024;

/** How long a caller may take. */
export interface HttpTimeouts {
  /** For a request's headers. */
  readonly headersMs: number;
  /** From the first byte to the last of a request; the answer may take longer. */
  readonly requestMs: number;
  /** How often it is looked at. */
  readonly checkEveryMs: number;
}

const defaultTimeouts: HttpTimeouts = { headersMs: 10_000, requestMs: 30_000, checkEveryMs: 2000 };

export interface HttpServerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly routes: Routes;
  readonly logger: Logger;
  readonly timeouts?: HttpTimeouts;
}

/** The gateway's HTTP server. */
export interface HttpServer {
  readonly url: string;
  /** Takes no new requests, lets those that are answered end within `graceMs`, then cuts them off. */
  close(graceMs: number): Promise<void>;
}

/**
 * Listens.
 *
 * @throws GatewayError when the address cannot be used, naming the key and what to do.
 */
export async function listen(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, logger, timeouts = defaultTimeouts } = options;
  const server = createServer(
    {
      maxHeaderSize: maxHeaderBytes,
      headersTimeout: timeouts.headersMs,
      requestTimeout: timeouts.requestMs,
      connectionsCheckingInterval: timeouts.checkEveryMs,
      keepAliveTimeout: keepAliveMs,
    },
    (incoming, outgoing) => {
      // Whatever goes wrong is logged there.
      void serve(incoming, outgoing, options);
    },
  );
  server.maxConnections = maxConnections;
  server.on("clientError", refuse);
  server.on("upgrade", (_incoming: IncomingMessage, socket: Socket) => endWith(socket, "501 Not Implemented"));
  await started(server, host, port);
  server.on("error", (error) => logger.error(`The HTTP server failed: ${error.message}`));
  return { url: `http://${urlHost(host)}:${portOf(server)}`, close: (graceMs) => closeServer(server, graceMs) };
}

async function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { host, routes, logger }: HttpServerOptions,
): Promise<void> {
  const target = incoming.url ?? "/";
  try {
    const response = refusal(incoming, target) ?? (await route(incoming, target, host, routes));
    await sendResponse(response, incoming, outgoing);
  } catch (error) {
    logger.error(`A request to ${target.split("?")[0] ?? ""} failed: ${error instanceof Error ? error.message : String(error)}`);
    if (outgoing.headersSent) outgoing.destroy();
    else await sendResponse(answer(500, { error: "the request failed" }), incoming, outgoing).catch(() => outgoing.destroy());
  }
}

/** What never reaches a route: read once, here, as it stands on the wire. */
function refusal(incoming: IncomingMessage, target: string): Response | undefined {
  if (target.length > maxUrlLength) return answer(414, { error: "the address is too long" });
  const [path = ""] = target.split("?", 1);
  if (!target.startsWith("/") || /%2f|%5c|%00|\\|\/\/|\/\.{1,2}(?:\/|$)|[^\x21-\x7E]/iu.test(path))
    return answer(400, { error: "this is no address" });
  if (hostName(incoming.headers.host) === undefined) return answer(400, { error: "the Host header is no name" });
  if (announcesTooMuch(incoming)) return answer(413, { error: "the body is too large" });
  if ((incoming.method === "GET" || incoming.method === "HEAD") && hasBody(incoming))
    return answer(400, { error: "no body is expected" });
  return undefined;
}

async function route(incoming: IncomingMessage, target: string, listeningOn: string, routes: Routes): Promise<Response> {
  const queryAt = target.indexOf("?");
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const { host = "", authorization } = incoming.headers;
  const facts = { method: incoming.method ?? "GET", path, query: queryAt === -1 ? "" : target.slice(queryAt), authorization };
  const caller = {
    address: incoming.socket.remoteAddress ?? "",
    isHostAllowed: isHostAllowed(hostName(host) ?? "", listeningOn),
  };
  return await routes(facts, (pathAndQuery) => toRequest(incoming, `http://${host}${pathAndQuery}`), caller);
}

/** Before a request is understood there is only the socket to answer on. */
function refuse(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") socket.destroy();
  else if (error.code === "HPE_HEADER_OVERFLOW") endWith(socket, "431 Request Header Fields Too Large");
  else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") endWith(socket, "408 Request Timeout");
  else endWith(socket, "400 Bad Request");
}

function endWith(socket: Socket, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

async function started(server: Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: Error & { readonly code?: string }) => reject(explain(error, host, port)));
    server.listen({ host, port }, resolve);
  });
  server.removeAllListeners("error");
}

function explain(error: Error & { readonly code?: string }, host: string, port: number): GatewayError {
  const at = `${urlHost(host)}:${port}`;
  const remedies: Readonly<Record<string, string>> = {
    EADDRINUSE:
      "Another program listens there. Stop it, or choose another port with `server.port`, for example `server: { port: 8643 }`.",
    EACCES: "Ports below 1024 need special rights. Choose a higher one with `server.port`.",
    EADDRNOTAVAIL: "This machine does not have that address. Set `server.host`, for example to 127.0.0.1.",
    ENOTFOUND: "That name leads nowhere. Set `server.host`, for example to 127.0.0.1.",
  };
  const remedy = remedies[error.code ?? ""] ?? "Set `server.host` and `server.port`.";
  return new GatewayError(`Cannot listen on ${at} (server.host, server.port): ${error.code ?? error.message}. ${remedy}`, {
    exitCode: 78,
    cause: error,
  });
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function closeServer(server: Server, graceMs: number): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const cut = setTimeout(() => server.closeAllConnections(), graceMs);
  await closed;
  clearTimeout(cut);
}
