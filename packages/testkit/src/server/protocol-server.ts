import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { readCall, refuse, Refused, type ServerCall } from "./call.ts";
import { createFaultScript, type ServerFault } from "./fault.ts";
import { writeReply, type Reply } from "./reply.ts";
import { createMask, describeBody, logEntry, type LoggedRequest, type Mask } from "./request-log.ts";
import { createRouter, type Match, type Route } from "./route.ts";
import { openSocketDoor, type SocketDoor, type SocketRoute } from "./sockets.ts";
import { createWatchers } from "./watchers.ts";

/** What a protocol consists of. */
export interface ProtocolServerOptions {
  readonly routes: readonly Route[];
  /** WebSockets; the package `ws` has to be there. */
  readonly sockets?: readonly SocketRoute[];
  /** Called before every handler: who is not let in is refused by throwing what `refuse` makes. */
  readonly authorize?: (call: ServerCall, operation: string) => void;
  /** The answer to what fits no route. Default 404. */
  readonly unknown?: (method: string, url: URL) => Reply;
  /** The answer to a handler that threw something else. Default 500. */
  readonly broken?: (error: unknown) => Reply;
  /** Default 10 MB. */
  readonly maxBodyBytes?: number;
  /** Taken out of the log. */
  readonly secrets?: readonly string[];
  /** Where it listens: the port of an earlier life. Default: one that is free. */
  readonly port?: number | undefined;
}

/** A protocol on loopback. */
export interface ProtocolServer {
  /** `http://127.0.0.1:port` */
  readonly url: string;
  /** `ws://127.0.0.1:port` */
  readonly socketUrl: string;
  /** Every request, oldest first. */
  readonly log: readonly LoggedRequest[];
  /** Sockets of clients, the idle ones that are kept open included. */
  readonly connections: number;
  /** Requests that are being answered right now. */
  readonly underWay: number;
  /** Failures of the server's own: a handler of a socket that threw. Empty in a good test. */
  readonly failures: readonly unknown[];
  requestsOf(operation: string): readonly LoggedRequest[];
  /** The next `times` (default 1) calls of `operation` go wrong; `*`: of any. */
  fail(operation: string, fault: ServerFault, times?: number): void;
  /** Nothing goes wrong any more. */
  mend(): void;
  /** Tell those who wait with `until` that something changed; requests and their ends are told by themselves. */
  changed(): void;
  /** Resolves once `condition` holds. */
  until(condition: () => boolean, what?: string): Promise<void>;
  /** Breaks every connection and opens no more. */
  close(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a protocol on a free port of 127.0.0.1. Close it, or hold it with `await using`. */
export async function startProtocolServer(options: ProtocolServerOptions): Promise<ProtocolServer> {
  const failures: unknown[] = [];
  const door =
    options.sockets === undefined ? undefined : await openSocketDoor(options.sockets, (error) => void failures.push(error));
  const running = new Running(options, door, failures);
  await running.listen(options.port);
  return running;
}

class Running implements ProtocolServer {
  readonly log: LoggedRequest[] = [];
  readonly failures: unknown[];
  readonly #options: ProtocolServerOptions;
  readonly #door: SocketDoor | undefined;
  readonly #find: (method: string, url: URL) => Match | undefined;
  readonly #mask: Mask;
  readonly #faults = createFaultScript();
  readonly #watchers = createWatchers();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #underWay = 0;

  constructor(options: ProtocolServerOptions, door: SocketDoor | undefined, failures: unknown[]) {
    this.failures = failures;
    this.#options = options;
    this.#door = door;
    this.#find = createRouter(options.routes);
    this.#mask = createMask(options.secrets ?? []);
    this.#server = createServer((request, response) => void this.#handle(request, response));
    this.#server.on("connection", (socket) => {
      this.#sockets.add(socket);
      socket.on("close", () => {
        this.#sockets.delete(socket);
        this.changed();
      });
    });
    this.#server.on("upgrade", (request, stream, head) => this.#upgrade(request, stream, head));
  }

  async listen(port = 0): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", resolve);
    });
  }

  get #port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  get socketUrl(): string {
    return `ws://127.0.0.1:${this.#port}`;
  }

  get connections(): number {
    return this.#sockets.size;
  }

  get underWay(): number {
    return this.#underWay;
  }

  requestsOf(operation: string): readonly LoggedRequest[] {
    return this.log.filter((request) => request.operation === operation);
  }

  fail(operation: string, fault: ServerFault, times = 1): void {
    this.#faults.add(operation, fault, times);
  }

  mend(): void {
    this.#faults.clear();
  }

  changed(): void {
    this.#watchers.changed();
  }

  until(condition: () => boolean, what?: string): Promise<void> {
    return this.#watchers.until(condition, what);
  }

  async close(): Promise<void> {
    this.#watchers.close();
    this.#door?.close();
    const broken = [...this.#sockets].map((socket) => new Promise((resolve) => socket.once("close", resolve)));
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all([...broken, new Promise((resolve) => this.#server.close(resolve))]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? "/", this.url);
    stream.on("error", () => stream.destroy());
    if (this.#door?.upgrade(request, stream, head, url) !== true)
      stream.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
    this.changed();
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#underWay += 1;
    const gone = new AbortController();
    response.on("close", () => {
      this.#underWay -= 1;
      gone.abort();
      this.changed();
    });
    // Whoever goes away while it is read or answered shows as `close`.
    for (const stream of [request, response]) stream.on("error", () => undefined);
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", this.url);
    const match = this.#find(method, url);
    const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const entry = logEntry(match?.operation ?? `${method} ${url.pathname}`, method, url, headers, this.#mask);
    this.log.push(entry);
    const answer = (reply: Reply, cutAfterBytes?: number): void => {
      entry.status = reply.status ?? 200;
      writeReply(response, reply, cutAfterBytes);
    };
    try {
      if (match === undefined) answer(this.#options.unknown?.(method, url) ?? { status: 404, body: { error: "unknown" } });
      else await this.#serve(request, response, { match, url, entry, answer, signal: gone.signal });
    } catch (error) {
      if (!gone.signal.aborted) answer(this.#replyTo(error));
    }
    this.changed();
  }

  async #serve(request: IncomingMessage, response: ServerResponse, serving: Serving): Promise<void> {
    const { match, url, entry, signal } = serving;
    const maxBodyBytes = match.route.maxBodyBytes ?? this.#options.maxBodyBytes ?? 10_000_000;
    const read = await readCall(request, url, { maxBodyBytes, signal });
    const call: ServerCall = { ...read, parameters: match.parameters };
    entry.body = describeBody(call.bytes, call.headers.get("content-type") ?? "", this.#mask);
    this.changed();
    const act = async (): Promise<Reply> => {
      this.#options.authorize?.(call, match.operation);
      return await match.route.handle(call);
    };
    const fault = this.#faults.take(match.operation);
    if (fault === undefined) serving.answer(await act());
    else await this.#misbehave(fault, response, act, serving.answer);
  }

  async #misbehave(
    fault: ServerFault,
    response: ServerResponse,
    act: () => Promise<Reply>,
    answer: Serving["answer"],
  ): Promise<void> {
    switch (fault.type) {
      case "rate-limit":
        throw refuse(429, fault.body ?? { error: "too many requests" }, { "retry-after": String(fault.retryAfterSeconds) });
      case "error":
        throw refuse(fault.status, fault.body, fault.headers);
      case "drop":
        if (fault.when === "after") await act();
        response.destroy();
        return;
      case "hang":
        if (fault.acted) await act();
        return;
      case "delay":
        await fault.until;
        answer(await act());
        return;
      case "garbage":
        await act();
        answer({ status: fault.status ?? 200, body: fault.body ?? "<html>\u0000{{" });
        return;
      case "cut":
        answer(await act(), fault.afterBytes);
    }
  }

  #replyTo(error: unknown): Reply {
    if (error instanceof Refused) return error.reply;
    return this.#options.broken?.(error) ?? { status: 500, body: { error: String(error) } };
  }
}

interface Serving {
  readonly match: Match;
  readonly url: URL;
  readonly entry: LoggedRequest;
  readonly signal: AbortSignal;
  readonly answer: (reply: Reply, cutAfterBytes?: number) => void;
}
