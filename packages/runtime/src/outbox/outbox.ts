import type { Action, AgentEvent, Capabilities, Chat, Part, Platform, ReplyContext } from "@hermes/core";
import { completeCapabilities } from "@hermes/core";
import { setImmediate } from "node:timers/promises";
import type { ParkedChat, UnsettledReply } from "../store.ts";
import { InOrder } from "./in-order.ts";
import { Pace } from "./pace.ts";
import { Parking } from "./parking.ts";
import { Penalties } from "./penalties.ts";
import { isPending } from "../reply-progress.ts";
import { unsettledReplies } from "./unsettled-replies.ts";
import type { OutboxParts, ReplyKeeper } from "./reply-keeper.ts";
import type { Leftover } from "./restore.ts";
import { DurableReply } from "./durable-reply.ts";
import type { ReplyRecording } from "./reply-record.ts";
import type { ReplyTarget } from "./reply-target.ts";

/** Makes the platforms show what replies want shown, and keeps the evidence. Everything that is said goes through here. */
export class Outbox implements ReplyKeeper {
  readonly parts: OutboxParts;
  readonly order = new InOrder();
  readonly penalties: Penalties;
  readonly pace: Pace;
  readonly parking: Parking;
  readonly #open = new Map<string, DurableReply>();
  /** Taken up, and waiting for an older one of the same session. */
  readonly #takenUp = new Set<string>();
  readonly #inSession = new InOrder();
  readonly #calls = new Set<Promise<unknown>>();
  readonly #saying = new Set<Promise<void>>();
  readonly #aborted = new AbortController();
  #phase: "open" | "closing" | "closed" = "open";
  #whenIdle: (() => void)[] = [];

  constructor(parts: OutboxParts) {
    this.parts = parts;
    this.penalties = new Penalties(parts.clock);
    this.pace = new Pace(parts.clock);
    this.parking = new Parking({ ...parts, revive: (chat) => this.#revive(chat) });
  }

  get signal(): AbortSignal {
    return this.#aborted.signal;
  }

  get isClosed(): boolean {
    return this.#phase === "closed";
  }

  get isClosing(): boolean {
    return this.#phase !== "open";
  }

  /** The reply as it is being shown now. */
  find(replyId: string): DurableReply | undefined {
    return this.#open.get(replyId);
  }

  /**
   * Shows a reply that an earlier process, or a chat that could not be reached, left unshown: within a session one after the other.
   * Resolves when it is settled. Undefined where it is shown already, or has to wait.
   */
  takeUp(left: UnsettledReply): Promise<void> | undefined {
    const { replyId, sessionKey, chat } = left;
    if (this.#open.has(replyId) || this.#takenUp.has(replyId) || this.parking.find(chat.ref) !== undefined) return undefined;
    this.#takenUp.add(replyId);
    const settled = this.#inSession.run(sessionKey, async () => {
      this.#takenUp.delete(replyId);
      if (this.isClosing || this.parking.find(chat.ref) !== undefined) return;
      await (
        await this.#goOn(left)
      )?.settled;
    });
    return settled;
  }

  async #goOn({ replyId, sessionKey, chat, origin, sinceMs }: UnsettledReply): Promise<DurableReply | undefined> {
    const target = { replyId, sessionKey, chat, ...(origin === undefined ? {} : { origin }) };
    try {
      // While it waited it may have been given up by hand.
      const { parts = [], state = "finished" } = (await this.parts.store.reply(replyId)) ?? {};
      if (this.isClosing || !parts.some(isPending)) return undefined;
      if (origin !== undefined) this.parts.marks.recall(origin);
      return this.reply(
        target,
        { kind: "ended", sinceMs, how: state === "running" ? "finished" : state },
        { how: "unsent", parts },
      );
    } catch (error) {
      // One that cannot be read must not keep the others from being shown; it stays in the store.
      this.parts.logger.error(`The unsent answer ${replyId} could not be taken up: ${nameOf(error)}`);
      return undefined;
    }
  }

  /** One after the other: what was said later is shown later. */
  async #revive({ platform, chatId }: Pick<ParkedChat, "platform" | "chatId">): Promise<void> {
    for await (const reply of unsettledReplies(this.parts.store)) {
      const { ref } = reply.chat;
      if (ref.platform !== platform || ref.chatId !== chatId) continue;
      await this.takeUp(reply);
      if (this.isClosing || this.parking.find(ref) !== undefined) return;
    }
  }

  /** A reply that is shown while it grows. */
  reply(target: ReplyTarget, recording: ReplyRecording, leftover?: Leftover): DurableReply {
    const reply = new DurableReply(this, target, recording, this.#context(target), leftover);
    this.#open.set(target.replyId, reply);
    // Never rejects: a reply settles, or its gateway is gone.
    void reply.settled.then(() => {
      if (this.#open.get(target.replyId) === reply) this.#open.delete(target.replyId);
      this.parts.activity.note(target.sessionKey);
      if (target.origin !== undefined && reply.ending !== undefined)
        this.parts.answers.end(target.chat, target.origin, reply.ending);
      if (this.#open.size === 0) this.#tellIdle();
    });
    return reply;
  }

  /** What a chat can show. */
  capabilitiesOf(chat: Chat): Capabilities {
    return this.#capabilities(chat, this.parts.platforms.get(chat.ref.platform));
  }

  /** Something that is said whole, at once. `write` makes it durable together with what it answers. */
  async say(
    target: ReplyTarget,
    markdown: string,
    write: (parts: readonly Part[]) => Promise<void>,
    actions: readonly (readonly Action[])[] = [],
  ): Promise<void> {
    const reply = this.reply(target, { kind: "first", write });
    const said: AgentEvent = { type: "text-delta", text: markdown };
    if (actions.length > 0 && reply.hasButtons) reply.pose({ text: markdown, actions });
    else reply.push(said);
    this.#saying.add(reply.settled);
    void reply.settled.then(() => this.#saying.delete(reply.settled));
    await reply.finish("finished");
    await reply.settled;
  }

  /** Resolves when what is being said whole right now is shown or given up; never rejects. */
  async said(): Promise<void> {
    await Promise.all(this.#saying);
  }

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
    this.parking.close();
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
    await Promise.allSettled([...this.#open.values()].map((reply) => reply.recorded()));
    this.#phase = "closed";
    for (const reply of this.#open.values()) reply.abandon();
    this.#open.clear();
    this.#tellIdle();
  }

  /** Resolves when everything is shown or given up, or the outbox is closed. */
  async idle(): Promise<void> {
    if (this.#open.size > 0) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
  }

  #tellIdle(): void {
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #context({ chat, origin }: ReplyTarget): ReplyContext {
    const { platforms, catalogue, firstShowMs, unknownSends } = this.parts;
    const platform = platforms.get(chat.ref.platform);
    const capabilities = this.#capabilities(chat, platform);
    const progress = this.parts.progress[chat.ref.platform];
    return {
      capabilities,
      measure: (markdown) => this.#measure(markdown, platform),
      firstShowMs: capabilities.live === "own" ? 0 : firstShowMs,
      unknown: unknownSends,
      phrases: catalogue,
      ...(progress === undefined ? {} : { progress }),
      ...(origin?.grant === undefined ? {} : { grant: origin.grant }),
    };
  }

  // An adapter with a fault in what it says about a chat or a text must not take the answer with it.
  #capabilities(chat: Chat, platform: Platform | undefined): Capabilities {
    const { connections, logger } = this.parts;
    const general = platform?.capabilities ?? plainest;
    try {
      return connections.get(chat.ref.platform)?.capabilitiesFor?.(chat) ?? general;
    } catch (error) {
      logger.error(`[${chat.ref.platform}] \`capabilitiesFor\` failed: ${nameOf(error)}`);
      return general;
    }
  }

  #measure(markdown: string, platform: Platform | undefined): number {
    try {
      return platform?.measure(markdown) ?? markdown.length;
    } catch (error) {
      this.parts.logger.error(`[${platform?.id}] \`measure\` failed: ${nameOf(error)}`);
      return markdown.length;
    }
  }
}

/** Not its message: that may hold somebody's text. */
function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}

/** For a chat of a platform that is no longer there: its replies wait, in case it comes back. */
const plainest: Capabilities = completeCapabilities({
  text: { maxLength: 1000, partsPerSend: 1, markdown: "none", tables: false },
  inbound: { replay: "none", windowMs: 0 },
});
