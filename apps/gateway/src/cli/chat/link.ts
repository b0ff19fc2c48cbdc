import type { Clock } from "@hermes/core";
import {
  isRpcError,
  type ChatMessage,
  type ChatStarted,
  type Client,
  type ProtocolEvent,
  type SessionSubscribed,
} from "@hermes/protocol";
import type { ChatPartner } from "../../chat-partner.ts";
import { isGatewayError } from "../../config/problem.ts";
import { createRpcConnection, type RpcConnection } from "../../home-client/rpc-connection.ts";

const firstPauseMs = 250;
const longestPauseMs = 10_000;
const missedMessages = 50;
const maxRefusals = 3;

export interface LinkParts {
  readonly partner: Pick<ChatPartner, "open">;
  readonly clock: Clock;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly sessionKey: string;
  /** In their order, each once. */
  readonly onEvent: (event: ProtocolEvent) => void;
  /** Another process tells from here on. Its events come afterwards. */
  readonly onResume: (subscribed: SessionSubscribed, history: readonly ChatMessage[]) => void;
  /** The connection broke off; `undefined`: it is there again. */
  readonly onLost: (lost: { readonly sinceMs: number } | undefined) => void;
  /** There is no way back: why. */
  readonly onOver: (error: unknown) => void;
  /** Tries to come back no longer than this. Default: as long as it takes. */
  readonly giveUpAfterMs?: number;
}

/** One conversation with a gateway, over one connection after the other. */
export class Link {
  readonly #parts: LinkParts;
  readonly #waiting = new Set<PromiseWithResolvers<Client>>();
  #connection: RpcConnection | undefined;
  #client: Client | undefined;
  #stream: string | undefined;
  #seq = 0;
  /** What came while it was not clear what it follows. */
  #held: ProtocolEvent[] = [];
  #holds = 0;
  #sending: Promise<unknown> = Promise.resolve();
  #end: { readonly error: unknown } | undefined;

  constructor(parts: LinkParts) {
    this.#parts = parts;
  }

  /**
   * Connects for the first time, and keeps connected from then on.
   *
   * @throws GatewayError or RpcError when that does not work.
   */
  async start(): Promise<void> {
    await this.#connect(true);
    void this.#keep();
  }

  /**
   * Says something, once, however often the connection breaks off meanwhile; what is said after it waits for it.
   *
   * @throws RpcError when it is refused; GatewayError when there is no way back.
   */
  send(key: string, text: string): Promise<ChatStarted> {
    const sent = this.#sending.then(() => this.#send(key, text));
    this.#sending = sent.catch(() => undefined);
    return sent;
  }

  /** Interrupts what runs. */
  async stop(): Promise<void> {
    await this.#client?.call("chat.stop", { session_key: this.#parts.sessionKey });
  }

  /** Asks something, once there is a connection. */
  async client(): Promise<Client> {
    if (this.#end !== undefined) throw this.#end.error;
    if (this.#client !== undefined) return this.#client;
    const waiting = Promise.withResolvers<Client>();
    this.#waiting.add(waiting);
    return await waiting.promise;
  }

  close(): void {
    this.#finish(new Error("The conversation is over"));
  }

  async #send(key: string, text: string): Promise<ChatStarted> {
    for (let refusals = 0; ;) {
      const client = await this.client();
      this.#holds += 1;
      try {
        const { sessionKey } = this.#parts;
        return await client.call("chat.send_stream", { text, session_key: sessionKey, idempotency_key: key });
      } catch (error) {
        const isLater = isRpcError(error) && error.kind === "unavailable" && (refusals += 1) <= maxRefusals;
        if (!isLater && !isBroken(error)) throw error;
        if (isRpcError(error)) await this.#pause(Math.min(error.retryAfterMs ?? firstPauseMs, longestPauseMs));
        // The connection is known to be gone a moment later only.
        else if (this.#client === client) this.#client = undefined;
      } finally {
        this.#release();
      }
    }
  }

  async #keep(): Promise<void> {
    while (this.#end === undefined) {
      await this.#connection?.over;
      if (this.#end !== undefined) return;
      this.#client = undefined;
      const sinceMs = this.#parts.clock.now();
      this.#parts.onLost({ sinceMs });
      await this.#comeBack(sinceMs);
      if (this.#end === undefined) this.#parts.onLost(undefined);
    }
  }

  async #comeBack(sinceMs: number): Promise<void> {
    const { clock, random, giveUpAfterMs = Number.POSITIVE_INFINITY } = this.#parts;
    for (let tries = 0; this.#end === undefined; tries += 1) {
      await this.#pause(Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(tries, 10)) * (0.5 + random() / 2));
      try {
        return await this.#connect(false);
      } catch (error) {
        const isOver = !mayWorkLater(error) || clock.now() - sinceMs >= giveUpAfterMs;
        if (isOver) this.#finish(error);
      }
    }
  }

  async #connect(isFirst: boolean): Promise<void> {
    const connection = createRpcConnection(await this.#parts.partner.open(), (event) => this.#hear(event));
    // Closed while it was being opened.
    if (this.#end !== undefined) return connection.close();
    this.#held = [];
    this.#holds += 1;
    try {
      const { sessionKey, onResume } = this.#parts;
      const from = this.#stream === undefined ? {} : { stream: this.#stream, since: this.#seq };
      const { client } = connection;
      const subscribed = await client.call("session.subscribe", { session_key: sessionKey, ...from });
      if (!subscribed.resumed) {
        const history = isFirst
          ? []
          : (await client.call("chat.history", { session_key: sessionKey, limit: missedMessages })).messages;
        this.#seq = subscribed.seq;
        onResume(subscribed, history);
      }
      this.#stream = subscribed.stream;
      this.#connection = connection;
      this.#client = client;
    } catch (error) {
      connection.close();
      throw error;
    } finally {
      this.#release();
    }
    for (const { resolve } of this.#waiting) resolve(connection.client);
    this.#waiting.clear();
  }

  #hear(event: ProtocolEvent): void {
    if (this.#holds > 0) this.#held.push(event);
    else this.#tell(event);
  }

  /** Whoever waited for what was asked goes first, then what came meanwhile. */
  #release(): void {
    setImmediate(() => {
      this.#holds -= 1;
      if (this.#holds === 0) for (const event of this.#held.splice(0)) this.#tell(event);
    });
  }

  #tell(event: ProtocolEvent): void {
    // What is told once more has a number that was told: of that only the end of an answer is of use.
    if (event.seq <= this.#seq && event.type !== "chat.done") return;
    this.#seq = Math.max(this.#seq, event.seq);
    this.#parts.onEvent(event);
  }

  async #pause(pauseMs: number): Promise<void> {
    const { clock } = this.#parts;
    // Waiting by the clock alone does not keep a process alive.
    const alive = setInterval(() => undefined, longestPauseMs);
    await new Promise<void>((resolve) => void clock.wakeAt(clock.now() + Math.round(pauseMs), resolve));
    clearInterval(alive);
  }

  #finish(error: unknown): void {
    if (this.#end !== undefined) return;
    this.#end = { error };
    this.#client = undefined;
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
    this.#connection?.close();
    this.#parts.onOver(error);
  }
}

/** The connection broke off before the answer was there. */
function isBroken(error: unknown): boolean {
  return isGatewayError(error) && error.exitCode === 75;
}

function mayWorkLater(error: unknown): boolean {
  return isBroken(error) || (isRpcError(error) && (error.kind === "unavailable" || error.kind === "rate-limited"));
}
