import {
  createServer,
  STATUS_CODES,
  type IncomingMessage,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Logger } from "@hermes/core";
import { GatewayError } from "../config/problem.ts";
import { hostName, urlHost } from "./address.ts";
import { answer } from "./answer.ts";
import { announcesTooMuch, hasBody, sendResponse, toRequest } from "./bridge.ts";
import type { Gate } from "./gate.ts";
import type { RequestFacts, Routes, ToRequest } from "./routes.ts";
import type { SocketServer } from "./socket-server.ts";

const maxHeaderBytes = 16 * 1024;
const maxUrlLength = 4096;
const keepAliveMs = 5000;
/** For agreeing on the encryption. */
const handshakeMs = 10_000;
/** Beside the sockets that stay open. */
const maxRequestConnections = 512;

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
  readonly gate: Gate;
  readonly sockets: SocketServer;
  /** For whoever has shown no credential. */
  readonly anonymousSockets: SocketServer;
  /** Sockets that may stay open at once. */
  readonly maxSockets: number;
  /** In PEM; without it nothing is encrypted. */
  readonly tls?: { readonly cert: string; readonly key: string };
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
  const { host, port, logger, sockets, anonymousSockets, maxSockets, timeouts = defaultTimeouts } = options;
  const server = createListener(options, {
    maxHeaderSize: maxHeaderBytes,
    headersTimeout: timeouts.headersMs,
    requestTimeout: timeouts.requestMs,
    connectionsCheckingInterval: timeouts.checkEveryMs,
    keepAliveTimeout: keepAliveMs,
  });
  server.maxConnections = maxSockets + maxRequestConnections;
  server.on("clientError", refuse);
  server.on("upgrade", (incoming: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Whatever goes wrong is logged there.
    void takeSocket(incoming, socket, head, options);
  });
  await started(server, host, port);
  server.on("error", (error) => logger.error(`The HTTP server failed: ${error.message}`));
  const scheme = options.tls === undefined ? "http" : "https";
  return {
    url: `${scheme}://${urlHost(host)}:${portOf(server)}`,
    async close(graceMs) {
      await Promise.all([sockets.close(graceMs), anonymousSockets.close(graceMs), closeServer(server, graceMs)]);
    },
  };
}

function createListener(options: HttpServerOptions, limits: ServerOptions): Server {
  const { tls } = options;
  const onRequest = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    // Whatever goes wrong is logged there.
    void serve(incoming, outgoing, options);
  };
  if (tls === undefined) return createServer(limits, onRequest);
  try {
    return createTlsServer({ ...limits, ...tls, minVersion: "TLSv1.2", handshakeTimeout: handshakeMs }, onRequest);
  } catch (error) {
    throw new GatewayError(
      `The certificate and key cannot be used (server.tls): ${error instanceof Error ? error.message : String(error)}. Both are expected in PEM and to belong together.`,
      { exitCode: 78, cause: error },
    );
  }
}

/** Takes a socket to the platform it is for, or says on it why not. */
async function takeSocket(incoming: IncomingMessage, socket: Duplex, head: Buffer, options: HttpServerOptions): Promise<void> {
  const { routes, logger } = options;
  // Until somebody takes it, a socket that breaks concerns nobody.
  const ignore = (): void => undefined;
  socket.on("error", ignore);
  try {
    const target = incoming.url ?? "/";
    const refused = refusal(incoming, target);
    const [facts, makeRequest, who] = describe(incoming, target, options);
    const upgrade = refused ?? (await routes.upgrade(facts, makeRequest, who()));
    if (upgrade instanceof Response) return await refuseSocket(socket, upgrade);
    socket.off("error", ignore);
    const sockets = upgrade.isAnonymous ? options.anonymousSockets : options.sockets;
    sockets.upgrade(incoming, socket, head, upgrade.take);
  } catch (error) {
    logger.error(`A socket could not be opened: ${error instanceof Error ? error.message : String(error)}`);
    socket.destroy();
  }
}

async function refuseSocket(socket: Duplex, response: Response): Promise<void> {
  const body = await response.text();
  const headers = [...response.headers].map(([name, value]) => `${name}: ${value}\r\n`).join("");
  const length = `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n`;
  endSocket(socket, `HTTP/1.1 ${response.status} ${STATUS_CODES[response.status] ?? ""}\r\n${headers}${length}\r\n${body}`);
}

async function serve(incoming: IncomingMessage, outgoing: ServerResponse, options: HttpServerOptions): Promise<void> {
  const { routes, logger } = options;
  const target = incoming.url ?? "/";
  try {
    const [facts, makeRequest, who] = describe(incoming, target, options, outgoing);
    const response = refusal(incoming, target) ?? (await routes.answer(facts, makeRequest, who));
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
  if (!target.startsWith("/") || /%2e|%2f|%5c|%00|\\|\/\/|\/\.{1,2}(?:\/|$)|[^\x21-\x7E]/iu.test(path))
    return answer(400, { error: "this is no address" });
  if (hostName(incoming.headers.host) === undefined) return answer(400, { error: "the Host header is no name" });
  if (announcesTooMuch(incoming)) return answer(413, { error: "the body is too large" });
  if ((incoming.method === "GET" || incoming.method === "HEAD") && hasBody(incoming))
    return answer(400, { error: "no body is expected" });
  return undefined;
}

/** Aborted when the caller hangs up before all of the answer is written. */
function signalOf(outgoing: ServerResponse): AbortSignal {
  const controller = new AbortController();
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) controller.abort("the caller has gone");
  });
  return controller.signal;
}

function describe(
  incoming: IncomingMessage,
  target: string,
  { gate, tls }: HttpServerOptions,
  outgoing?: ServerResponse,
): readonly [RequestFacts, ToRequest, () => ReturnType<Gate>] {
  const queryAt = target.indexOf("?");
  const path = queryAt === -1 ? target : target.slice(0, queryAt);
  const { host = "", authorization, cookie, "accept-encoding": encodings } = incoming.headers;
  const query = queryAt === -1 ? "" : target.slice(queryAt);
  const facts = {
    method: incoming.method ?? "GET",
    path,
    query,
    authorization,
    cookie,
    acceptEncoding: [encodings ?? []].flat().join(","),
  };
  const base = `${tls === undefined ? "http" : "https"}://${host}`;
  return [
    facts,
    (pathAndQuery, { untilGone = false } = {}) =>
      toRequest(incoming, `${base}${pathAndQuery}`, untilGone && outgoing !== undefined ? signalOf(outgoing) : undefined),
    () => gate(incoming.socket.remoteAddress ?? "", incoming.headers),
  ];
}

/** Before a request is understood there is only the socket to answer on. */
function refuse(error: Error & { readonly code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") socket.destroy();
  else if (error.code === "HPE_HEADER_OVERFLOW") endWith(socket, "431 Request Header Fields Too Large");
  else if (error.code === "ERR_HTTP_REQUEST_TIMEOUT") endWith(socket, "408 Request Timeout");
  else endWith(socket, "400 Bad Request");
}

function endWith(socket: Socket, status: string): void {
  endSocket(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** The last words on a socket. Nobody looks after it any more: whoever does not hang up must not keep it. */
function endSocket(socket: Duplex, text: string): void {
  socket.resume();
  socket.end(text, () => socket.destroy());
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
