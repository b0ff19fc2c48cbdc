import { randomUUID } from "node:crypto";
import type { AnswerEnding, Clock, ControlEvent, Origin, PlatformHost } from "@hermes/core";
import type { Exchange } from "./exchange.ts";

const stopPrefix = "stop-";

/** The requests whose answers are not over, by the id of their message. */
export class Exchanges {
  readonly #clock: Clock;
  readonly #open = new Map<string, Exchange>();
  #connections = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether answers can come. */
  get isConnected(): boolean {
    return this.#connections > 0;
  }

  connect(): void {
    this.#connections += 1;
  }

  /** Answers can come no more: whoever waits is told. */
  disconnect(): void {
    this.#connections -= 1;
    if (this.#connections > 0) return;
    for (const exchange of this.#open.values()) exchange.end({ kind: "shutdown" });
  }

  /** Before its event is offered: its answer may be there before the offer is taken. */
  add(exchange: Exchange): void {
    const { id } = exchange.facts;
    this.#open.set(id, exchange);
    void exchange.answer.then(() => this.#open.delete(id));
  }

  /** Its event was not taken. */
  remove(exchange: Exchange): void {
    this.#open.delete(exchange.facts.id);
  }

  /** The one that `origin` asked for. */
  find(origin: Origin | undefined): Exchange | undefined {
    return this.#open.get(origin?.message?.messageId ?? "");
  }

  /** What is said to `origin` answers a stop of ours: whoever it would tell went away. */
  isOwnStop(origin: Origin | undefined): boolean {
    return origin?.message?.messageId.startsWith(stopPrefix) === true;
  }

  /** How many of a conversation are open. */
  countIn(chatId: string): number {
    return this.#in(chatId).length;
  }

  end(origin: Origin, ending: AnswerEnding): void {
    const exchange = this.find(origin);
    if (exchange === undefined) return;
    if (ending === "failed") exchange.end({ kind: ending, message: exchange.lastPart });
    else exchange.end({ kind: ending });
  }

  /** Ends the turn nobody waits for, unless somebody waits for another answer of the same conversation: a stop would end that too. */
  async stop({ chat, author }: Exchange, host: PlatformHost): Promise<void> {
    if (this.#in(chat.ref.chatId).some((each) => !each.isAbandoned)) return;
    const id = `${stopPrefix}${randomUUID()}`;
    const event: ControlEvent = {
      version: 1,
      type: "control",
      control: "stop",
      eventId: id,
      chat,
      origin: { message: { ...chat.ref, messageId: id }, author, lifetime: "request" },
      at: new Date(this.#clock.now()).toISOString(),
    };
    try {
      await host.accept([event]);
    } catch (error) {
      host.logger.warn(
        `A caller went away, and the answer goes on: the gateway takes no stop (${error instanceof Error ? error.message : String(error)})`,
      );
    }
  }

  #in(chatId: string): readonly Exchange[] {
    return [...this.#open.values()].filter(({ chat }) => chat.ref.chatId === chatId);
  }
}
