import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { systemClock, type Clock, type HostSocket, type Logger } from "@hermes/core";
import { WebSocketServer, type WebSocket } from "ws";
import { ServerSocket } from "./server-socket.ts";

export interface SocketServerOptions {
  /** A larger message closes its connection (code 1009). */
  readonly maxMessageBytes: number;
  /** How often each socket is asked whether the other side is there. Default 30 s. */
  readonly heartbeatMs?: number;
  readonly logger: Logger;
  /** Default: the machine's clock. */
  readonly clock?: Clock;
}

/** Turns upgrade requests into sockets. */
export interface SocketServer {
  /** Shakes hands and gives the socket to `take`; when that comes back the socket is closed. A request that is no WebSocket is refused. */
  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer, take: (socket: HostSocket) => Promise<void>): void;
  readonly count: number;
  /** Takes no more; tells whoever is there that the gateway ends, and cuts them off after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** So many shares the sockets are asked in, one after the other: thousands at once would hold up everything else. */
const shares = 30;
const gatewayEnds = 1012;
const internalError = 1011;
const normal = 1000;

/** Takes WebSockets off a server's `upgrade` requests. Whether a request may come in is decided before. */
export function createSocketServer(options: SocketServerOptions): SocketServer {
  return new UpgradingServer(options);
}

class UpgradingServer implements SocketServer {
  readonly #server: WebSocketServer;
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #everyMs: number;
  /** Each socket is in one share. */
  readonly #shares: readonly Set<ServerSocket>[] = Array.from({ length: shares }, () => new Set<ServerSocket>());
  #nextShare = 0;
  #nextBeat = 0;
  #cancelBeat: (() => void) | undefined;
  #count = 0;
  #isClosed = false;
  #whenEmpty: (() => void) | undefined;

  constructor({ maxMessageBytes, heartbeatMs = 30_000, logger, clock = systemClock }: SocketServerOptions) {
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      // Compressed, a small frame could hold a gigabyte, and each socket would keep its own window.
      perMessageDeflate: false,
      maxPayload: maxMessageBytes,
    });
    this.#logger = logger;
    this.#clock = clock;
    this.#everyMs = Math.ceil(heartbeatMs / shares);
  }

  get count(): number {
    return this.#count;
  }

  upgrade(incoming: IncomingMessage, socket: Duplex, head: Buffer, take: (socket: HostSocket) => Promise<void>): void {
    if (this.#isClosed) {
      socket.on("error", () => socket.destroy());
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", () => socket.destroy());
      return;
    }
    this.#server.handleUpgrade(incoming, socket, head, (opened) => {
      // Whatever goes wrong is logged there.
      void this.#serve(opened, take);
    });
  }

  async close(graceMs: number): Promise<void> {
    this.#isClosed = true;
    if (this.#count > 0) {
      const empty = new Promise<void>((resolve) => (this.#whenEmpty = resolve));
      for (const socket of this.#all()) socket.close(gatewayEnds, "the gateway ends");
      const cancel = this.#clock.wakeAt(this.#clock.now() + graceMs, () => {
        for (const socket of this.#all()) socket.terminate();
      });
      await empty;
      cancel();
    }
    this.#cancelBeat?.();
    this.#server.close();
  }

  async #serve(opened: WebSocket, take: (socket: HostSocket) => Promise<void>): Promise<void> {
    const socket = new ServerSocket(opened, this.#clock);
    this.#add(opened, socket);
    try {
      await take(socket);
      socket.close(normal, "");
    } catch (error) {
      this.#logger.error(`A socket was given up: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      socket.close(internalError, "the gateway failed");
    }
  }

  #add(opened: WebSocket, socket: ServerSocket): void {
    const share = this.#shares[this.#nextShare];
    this.#nextShare = (this.#nextShare + 1) % shares;
    this.#count += 1;
    share?.add(socket);
    // `ws` closes the connection by itself; what came over it is not for the log.
    opened.on("error", (error: Error & { readonly code?: unknown }) => {
      this.#logger.debug(`A socket failed: ${typeof error.code === "string" ? error.code : error.name}`);
    });
    opened.once("close", () => {
      share?.delete(socket);
      this.#count -= 1;
      if (this.#count === 0) this.#whenEmpty?.();
    });
    this.#cancelBeat ??= this.#clock.wakeAt(this.#clock.now() + this.#everyMs, () => this.#beat());
  }

  /** One timer for all of them. */
  #beat(): void {
    for (const socket of this.#shares[this.#nextBeat] ?? []) socket.beat();
    this.#nextBeat = (this.#nextBeat + 1) % shares;
    this.#cancelBeat = this.#count === 0 ? undefined : this.#clock.wakeAt(this.#clock.now() + this.#everyMs, () => this.#beat());
  }

  *#all(): Generator<ServerSocket> {
    for (const share of this.#shares) yield* share;
  }
}
