import type { AgentEvent, Capabilities, Clock, Logger, Part, Platform, ReplyContext } from "@hermes/core";
import { completeCapabilities } from "@hermes/core";
import { setImmediate } from "node:timers/promises";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Connections } from "../connections.ts";
import type { Store } from "../store.ts";
import { ChatOrder } from "./chat-order.ts";
import type { Leftover } from "./restore.ts";
import { DurableReply, type ReplyRecording, type ReplyTarget } from "./durable-reply.ts";

export interface OutboxParts {
  readonly store: Store;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly catalogue: Catalogue;
  readonly firstShowMs: number;
  readonly deliveryMaxMs: number;
  readonly callTimeoutMs: number;
  readonly unknownSends: "repeat-marked" | "leave";
}

/** Makes the platforms show what replies want shown, and keeps the evidence. Everything that is said goes through here. */
export class Outbox {
  readonly parts: OutboxParts;
  readonly order = new ChatOrder();
  readonly #open = new Set<DurableReply>();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #aborted = new AbortController();
  #phase: "open" | "closing" | "closed" = "open";
  #whenIdle: (() => void)[] = [];

  constructor(parts: OutboxParts) {
    this.parts = parts;
  }

  /** Aborted when the outbox gives up what is in flight. */
  get signal(): AbortSignal {
    return this.#aborted.signal;
  }

  get isClosed(): boolean {
    return this.#phase === "closed";
  }

  get isClosing(): boolean {
    return this.#phase !== "open";
  }

  /** A reply that is shown while it grows. */
  reply(target: ReplyTarget, recording: ReplyRecording, leftover?: Leftover): DurableReply {
    const reply = new DurableReply(this, target, recording, this.#context(target), leftover);
    this.#open.add(reply);
    // Never rejects: a reply settles, or its gateway is gone.
    void reply.settled.then(() => {
      this.#open.delete(reply);
      if (this.#open.size === 0) for (const resolve of this.#whenIdle.splice(0)) resolve();
    });
    return reply;
  }

  /** Something that is said whole, at once. `write` makes it durable together with what it answers. */
  async say(target: ReplyTarget, markdown: string, write: (parts: readonly Part[]) => Promise<void>): Promise<void> {
    const reply = this.reply(target, { kind: "first", write });
    const said: AgentEvent = { type: "text-delta", text: markdown };
    reply.push(said);
    await reply.finish("finished");
    await reply.settled;
  }

  /** Runs a call that must not be cut short by a clean stop. */
  async track<T>(call: Promise<T>): Promise<T> {
    this.#calls.add(call);
    try {
      return await call;
    } finally {
      this.#calls.delete(call);
    }
  }

  /** Starts no more calls; those in flight get `graceMs` to come back and be recorded. */
  async close(graceMs: number): Promise<void> {
    this.#phase = "closing";
    const { clock } = this.parts;
    const calls = Promise.allSettled(this.#calls);
    await new Promise<void>((resolve) => {
      const cancel = clock.wakeAt(clock.now() + graceMs, resolve);
      void calls.then(() => {
        cancel();
        resolve();
      });
    });
    this.#aborted.abort("shutdown");
    // What the last calls brought back reaches the replies within this turn of the event loop.
    await setImmediate();
    await Promise.allSettled([...this.#open].map((reply) => reply.recorded()));
    this.#phase = "closed";
    for (const reply of this.#open) reply.abandon();
  }

  /** Resolves when everything is shown or given up. */
  async idle(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #context({ chat, origin }: ReplyTarget): ReplyContext {
    const { platforms, connections, catalogue, firstShowMs, unknownSends } = this.parts;
    const platform = platforms.get(chat.ref.platform);
    const narrowed = connections.get(chat.ref.platform)?.capabilitiesFor?.(chat);
    return {
      capabilities: narrowed ?? platform?.capabilities ?? plainest,
      measure: platform === undefined ? (markdown) => markdown.length : (markdown) => platform.measure(markdown),
      firstShowMs,
      unknown: unknownSends,
      phrases: catalogue,
      ...(origin?.grant === undefined ? {} : { grant: origin.grant }),
    };
  }
}

/** For a chat of a platform that is no longer there: its replies wait, in case it comes back. */
const plainest: Capabilities = completeCapabilities({
  text: { maxLength: 1000, partsPerSend: 1, markdown: "none", tables: false },
  inbound: { replay: "none", windowMs: 0 },
});
