import type { Clock, HostSocket, Received } from "@hermes/core";
import type { Dispatcher } from "@hermes/protocol";
import { Client, closeCodes } from "./client.ts";
import { Clients } from "./clients.ts";
import type { WebCaller, WebLimits, WebOptions } from "./options.ts";

export interface TransportParts {
  readonly authenticate: WebOptions["authenticate"];
  readonly dispatcher: Dispatcher<WebCaller>;
  readonly clock: Clock;
  readonly limits: WebLimits;
  readonly onGone: (client: Client) => void;
}

/** Sockets towards us: which are taken, and that they end with the gateway. */
export class Transport {
  readonly #parts: TransportParts;
  readonly #clients = new Clients();
  #isClosed = false;

  constructor(parts: TransportParts) {
    this.#parts = parts;
  }

  get connectionCount(): number {
    return this.#clients.count;
  }

  receive(request: Request): Received {
    if (request.headers.get("upgrade")?.toLowerCase() !== "websocket") {
      return plain(426, "A WebSocket is expected", { upgrade: "websocket", connection: "Upgrade" });
    }
    if (this.#isClosed) return plain(503, "The gateway ends", { "retry-after": "5" });
    const credential = this.#parts.authenticate(request);
    if (this.#isFullFor(credential)) return plain(503, "Too many connections", { "retry-after": "10" });
    return { upgrade: (socket) => this.#take(socket, credential) };
  }

  /** Tells every client that the gateway ends. */
  hangUp(): void {
    this.#clients.close(closeCodes.gatewayEnds, "the gateway ends; connect again");
  }

  close(): void {
    this.#isClosed = true;
    this.hangUp();
  }

  /** Strangers have a tenth of the room: they must not keep anybody out. */
  #isFullFor(credential: Client["credential"]): boolean {
    const { maxConnections } = this.#parts.limits;
    if (this.#clients.count >= maxConnections) return true;
    return credential === undefined && this.#clients.anonymousCount >= Math.ceil(maxConnections / 10);
  }

  async #take(socket: HostSocket, credential: Client["credential"]): Promise<void> {
    const { dispatcher, clock, limits, onGone } = this.#parts;
    // Between the request and the handshake others may have come, or the gateway may have ended.
    if (this.#isClosed) return socket.close(closeCodes.gatewayEnds, "the gateway ends; connect again");
    if (this.#isFullFor(credential)) return socket.close(closeCodes.tryLater, "too many connections");
    const client = new Client(
      {
        dispatcher,
        clock,
        limits,
        onGone: (gone) => {
          this.#clients.delete(gone);
          onGone(gone);
        },
      },
      socket,
      credential,
    );
    if (this.#clients.add(client)) await client.run();
  }
}

function plain(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(`${text}\n`, { status, headers: { "content-type": "text/plain; charset=utf-8", ...headers } });
}
