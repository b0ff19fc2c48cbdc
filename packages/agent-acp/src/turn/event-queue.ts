import type { AgentEvent, Clock } from "@hermes/core";
import { AcpError } from "../acp-error.ts";
import { withTimeLimit } from "../time-limit.ts";
import { weightOf } from "../updates/files.ts";

/** So much waits for whoever reads the turn: characters of text, bytes of files, and 200 for each other event. */
const maxWeight = 4 * 1024 * 1024;
/** While a queue is full nothing more is read of the process, and with it of its other sessions: not for longer than this. */
const longestHoldMs = 10_000;
/** One piece of text that was put together of many; longer ones are handed on as they are. */
const maxTextLength = 64 * 1024;

/** What a turn tells, on its way to whoever reads it. Texts that wait are put together; it never holds more than a few megabytes. */
export class EventQueue {
  readonly #clock: Clock;
  readonly #items: Item[] = [];
  #weight = 0;
  #isEnded = false;
  #failure: unknown;
  #onChange: (() => void) | undefined;
  #onRoom: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Adds events; waits while there is no room for more. After the end they are dropped. */
  async push(events: readonly AgentEvent[]): Promise<void> {
    if (this.#isEnded) return;
    for (const event of events) this.#add(event);
    this.#onChange?.();
    if (this.#weight > maxWeight) await this.#room();
  }

  /** Resolves once everything that was added so far was read, or nothing is read any more. */
  async reached(): Promise<void> {
    if (this.#isEnded) return;
    await new Promise<void>((resolve) => {
      this.#items.push({ mark: resolve });
      this.#onChange?.();
    });
  }

  /** Nothing more comes. */
  end(): void {
    this.#isEnded = true;
    this.#wakeAll();
  }

  /** Nothing more comes, because of this. What was added before is still read. */
  fail(error: unknown): void {
    if (this.#isEnded) return;
    this.#failure = error;
    this.end();
  }

  /** All of it, until the end. Rejects with what it failed of. */
  async *read(): AsyncGenerator<AgentEvent, void> {
    for (;;) {
      for (let item = this.#take(); item !== undefined; item = this.#take()) {
        if ("mark" in item) item.mark();
        else yield item.event;
      }
      if (this.#isEnded) break;
      await new Promise<void>((resolve) => (this.#onChange = resolve));
      this.#onChange = undefined;
    }
    if (this.#failure !== undefined) throw this.#failure;
  }

  #add(event: AgentEvent): void {
    const last = this.#items.at(-1);
    this.#weight += weightOf(event);
    if (last !== undefined && "event" in last && isText(last.event) && isText(event) && canJoin(last.event, event))
      last.event = { type: event.type, text: last.event.text + event.text };
    else this.#items.push({ event });
  }

  #take(): Item | undefined {
    const item = this.#items.shift();
    if (item === undefined || "mark" in item) return item;
    this.#weight -= weightOf(item.event);
    if (this.#weight <= maxWeight / 2) this.#onRoom?.();
    return item;
  }

  async #room(): Promise<void> {
    const room = new Promise<void>((resolve) => (this.#onRoom = resolve));
    const isLate = await withTimeLimit(
      room.then(() => false),
      longestHoldMs,
      this.#clock,
      () => true,
    );
    this.#onRoom = undefined;
    if (isLate) this.fail(new AcpError("ended", "The agent told more than was taken of it: what it tells beyond that is lost"));
  }

  #wakeAll(): void {
    for (const item of this.#items) if ("mark" in item) item.mark();
    this.#onChange?.();
    this.#onRoom?.();
  }
}

/** Something to read, or a mark that is passed on the way. */
type Item = { event: AgentEvent } | { readonly mark: () => void };
type TextEvent = Extract<AgentEvent, { type: "text-delta" | "reasoning-delta" }>;

function canJoin(before: TextEvent, next: TextEvent): boolean {
  return before.type === next.type && before.text.length < maxTextLength;
}

function isText(event: AgentEvent): event is TextEvent {
  return event.type === "text-delta" || event.type === "reasoning-delta";
}
