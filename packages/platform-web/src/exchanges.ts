import { buildSessionKey, type Chat, type Origin } from "@hermes/core";
import { RpcError, type RunningAnswer } from "@hermes/protocol";
import type { EventBody } from "./encode.ts";
import { Exchange, type Over } from "./exchange.ts";

const maxRemembered = 1000;
const maxRememberedLength = 4_000_000;

export interface ExchangesParts {
  readonly publish: (sessionKey: string, event: EventBody) => void;
  readonly maxOpen: number;
}

/** Messages and the answers to them: those on their way, and the last ones that are over. */
export class Exchanges {
  readonly #parts: ExchangesParts;
  readonly #open = new Map<string, Exchange>();
  readonly #bySession = new Map<string, Set<Exchange>>();
  /** For those who ask again; the oldest first. */
  readonly #over = new Map<string, Exchange>();
  #overLength = 0;
  /** Messages that were not taken, and how often: what is said to them is no answer. */
  readonly #refused = new Map<string, number>();

  constructor(parts: ExchangesParts) {
    this.#parts = parts;
  }

  /** The one on its way, or remembered, by the message's id. */
  find(messageId: string): Exchange | undefined {
    return this.#open.get(messageId) ?? this.#over.get(messageId);
  }

  /**
   * A message that is about to be offered to the gateway.
   *
   * @throws RpcError `unavailable` where too many are on their way.
   */
  offer(messageId: string, sessionKey: string, fingerprint: string): Exchange {
    if (this.#open.size >= this.#parts.maxOpen) {
      throw new RpcError("unavailable", "Too many messages wait for their answers", { retryAfterMs: 5000 });
    }
    return this.#add(messageId, sessionKey, fingerprint, true);
  }

  /** What answers an event: undefined where it is no message of this door, or was not taken. */
  answering(chat: Chat, origin: Origin | undefined): Exchange | undefined {
    const messageId = origin?.message?.messageId;
    if (messageId === undefined) return undefined;
    const open = this.#open.get(messageId);
    if (open !== undefined) return open;
    if (!this.#over.has(messageId) && this.#refused.has(messageId)) return undefined;
    // An earlier process took it, or what was over is said once more by hand: some of it may have been said before.
    this.#forget(messageId);
    const exchange = this.#add(messageId, buildSessionKey({ kind: "chat", chat }), undefined, false);
    exchange.begin();
    return exchange;
  }

  /** The message was not taken. */
  refuse({ messageId }: Exchange): void {
    this.#close(messageId);
    // It may have been answered already, with why it was not taken.
    this.#forget(messageId);
    const times = this.refusals(messageId) + 1;
    if (this.#refused.size >= maxRemembered) this.#refused.clear();
    this.#refused.set(messageId, times);
  }

  /** How often a message of this id was not taken. */
  refusals(messageId: string): number {
    return this.#refused.get(messageId) ?? 0;
  }

  /** Nobody knows what becomes of it. */
  giveUp({ messageId }: Exchange): void {
    this.#close(messageId);
    this.#forget(messageId);
  }

  end(exchange: Exchange, over: Over, { tell = true }: { readonly tell?: boolean } = {}): void {
    if (exchange.over !== undefined) return;
    if (tell) exchange.end(over);
    else exchange.settle(over);
    this.#close(exchange.messageId);
    this.#remember(exchange, over);
  }

  /** Whether an earlier message is on its way there. */
  isBusy(sessionKey: string): boolean {
    for (const exchange of this.#bySession.get(sessionKey) ?? []) if (exchange.hasBegun) return true;
    return false;
  }

  running(sessionKey: string): readonly RunningAnswer[] {
    return [...(this.#bySession.get(sessionKey) ?? [])].filter(({ hasBegun }) => hasBegun).map(({ running }) => running);
  }

  /** The gateway ends: nobody waits any longer. */
  close(): void {
    for (const exchange of this.#open.values()) exchange.abandon();
    this.#open.clear();
    this.#bySession.clear();
    this.#over.clear();
    this.#overLength = 0;
  }

  #add(messageId: string, sessionKey: string, fingerprint: string | undefined, isWhole: boolean): Exchange {
    const publish = (event: EventBody): void => this.#parts.publish(sessionKey, event);
    const exchange = new Exchange({ messageId, sessionKey, fingerprint, isWhole, publish });
    this.#open.set(messageId, exchange);
    const others = this.#bySession.get(sessionKey);
    if (others === undefined) this.#bySession.set(sessionKey, new Set([exchange]));
    else others.add(exchange);
    return exchange;
  }

  #close(messageId: string): void {
    const exchange = this.#open.get(messageId);
    if (exchange === undefined) return;
    this.#open.delete(messageId);
    const others = this.#bySession.get(exchange.sessionKey);
    others?.delete(exchange);
    if (others?.size === 0) this.#bySession.delete(exchange.sessionKey);
  }

  #remember(exchange: Exchange, { text }: Over): void {
    this.#forget(exchange.messageId);
    this.#over.set(exchange.messageId, exchange);
    this.#overLength += text.length;
    for (const messageId of this.#over.keys()) {
      if (this.#over.size <= maxRemembered && this.#overLength <= maxRememberedLength) return;
      this.#forget(messageId);
    }
  }

  #forget(messageId: string): void {
    this.#overLength -= this.#over.get(messageId)?.over?.text.length ?? 0;
    this.#over.delete(messageId);
  }
}
