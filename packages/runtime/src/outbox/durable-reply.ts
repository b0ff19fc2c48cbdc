import {
  createConnectionSurface,
  createStreamConsumer,
  PlatformError,
  type AgentEvent,
  type Chat,
  type Connection,
  type LiveLimits,
  type Origin,
  type Part,
  type ReplyContext,
  type ReplySurface,
  type SessionKey,
  type ShowRequest,
  type ShowResult,
  type StreamConsumer,
} from "@hermes/core";
import { pauseUntil, timeLimited } from "../pause.ts";
import { isNews, isSame } from "./evidence.ts";
import { mayHaveSent, restore, type Leftover } from "./restore.ts";
import type { ReplyKeeper } from "./reply-keeper.ts";

/** Where a reply goes, and what it answers. */
export interface ReplyTarget {
  readonly replyId: string;
  readonly sessionKey: SessionKey;
  readonly chat: Chat;
  readonly origin?: Origin;
}

/**
 * Where a reply stands in the store.
 *
 * - `running`: its turn runs; parts are evidence for whoever takes the turn up again.
 * - `first`: the next write is this one, which ends the turn or starts the notice.
 * - `ended`: only what is known of its parts is still to be written.
 */
export type ReplyRecording =
  | { readonly kind: "running" }
  | { readonly kind: "first"; readonly write: (parts: readonly Part[]) => Promise<void> }
  | { readonly kind: "ended" };

/** A reply whose parts are in the store before they are sent, and whose evidence is there after. */
export class DurableReply implements ReplySurface {
  readonly target: ReplyTarget;
  /** Every part is shown or given up, and that is in the store. Stays open when the gateway stops first. */
  readonly settled: Promise<void>;
  readonly #outbox: ReplyKeeper;
  readonly #consumer: StreamConsumer;
  /** Parts whose call may have begun: only these count as in flight for whoever finds them. */
  readonly #calling = new Set<number>();
  readonly #gone = new AbortController();
  #recording: ReplyRecording;
  readonly #recorded = new Map<number, Part>();
  #lastWrite: Promise<void> = Promise.resolve();
  /** Since when something cannot be shown; undefined while showing goes well. */
  #stuckSinceMs: number | undefined;
  readonly #surface: ReplySurface;

  constructor(
    outbox: ReplyKeeper,
    target: ReplyTarget,
    recording: ReplyRecording,
    context: ReplyContext,
    leftover: Leftover | undefined,
  ) {
    this.#outbox = outbox;
    this.target = target;
    this.#recording = recording;
    for (const part of leftover?.parts ?? []) this.#recorded.set(part.index, part);
    this.#surface = this.#createSurface(leftover !== undefined && mayHaveSent(leftover.parts));
    this.#consumer = createStreamConsumer({
      context,
      surface: this,
      clock: outbox.parts.clock,
      onSettled: (part) => this.#noteEvidence(part),
      ...(leftover === undefined ? {} : { state: restore(leftover, context, outbox.parts.clock.now()) }),
    });
    this.settled = this.#consumer.settled.then(
      () => this.#recordUntilDone(),
      (error: unknown) => outbox.parts.logger.error(`Showing ${target.replyId} ended by a fault: ${reasonOf(error)}`),
    );
  }

  push(event: AgentEvent): void {
    this.#consumer.push(event);
  }

  /** The reply is complete. Resolves when all of it is in the store; showing it goes on. */
  async finish(how: "finished" | "interrupted" | "failed", write?: (parts: readonly Part[]) => Promise<void>): Promise<void> {
    if (write !== undefined) this.#recording = { kind: "first", write };
    this.#consumer.end(how);
    await this.#recordUntilDone();
  }

  /** All writes that were begun are over. */
  async recorded(): Promise<void> {
    await this.#lastWrite.catch(() => undefined);
  }

  /** Lets go of it without ending it: the store knows how to go on. */
  abandon(): void {
    this.#gone.abort("shutdown");
    this.#consumer.abandon();
  }

  async open(part: number): Promise<LiveLimits | null> {
    this.#stuckSinceMs ??= this.#outbox.parts.clock.now();
    const connection = await this.#connection();
    return connection === undefined || this.#outbox.isClosing ? null : await this.#limited(this.#surface.open(part), null);
  }

  async show(request: ShowRequest): Promise<ShowResult> {
    if (this.#outbox.isClosing) return await never();
    // Only now: until what came of the last call is part of the state, a write must still say that it was made.
    this.#calling.delete(request.part);
    this.#stuckSinceMs ??= this.#outbox.parts.clock.now();
    const connection = this.#outbox.parts.connections.get(this.target.chat.ref.platform) ?? (await this.#connection());
    if (connection === undefined || this.#overdueAtMs() < this.#outbox.parts.clock.now()) return givenUp;
    const result = await this.#outbox.order.run(this.target.chat.ref, () => this.#inTurn(request));
    if (result.kind === "shown") this.#stuckSinceMs = undefined;
    return result;
  }

  async #inTurn(request: ShowRequest): Promise<ShowResult> {
    return this.#outbox.isClosing ? await never() : ((await this.#outbox.track(this.#call(request))) ?? (await never()));
  }

  /** Undefined: the gateway stops, and the call was not made. */
  async #call(request: ShowRequest): Promise<ShowResult | undefined> {
    const isEvidence = request.final || request.refs.length === 0;
    try {
      if (isEvidence) {
        this.#calling.add(request.part);
        await this.#record();
      }
      if (!this.#outbox.isClosing) return await this.#limited(this.#surface.show(request), unanswered);
      // Noted as begun, and not begun: the next process must not take it for a call that may have happened.
      this.#calling.delete(request.part);
      await this.#record();
      return undefined;
    } catch (error) {
      this.#calling.delete(request.part);
      this.#outbox.parts.logger.error(`The answer ${this.target.replyId} waits: the store did not take it (${reasonOf(error)})`);
      return { kind: "failed", failure: { kind: "unavailable" }, maybeDone: false };
    }
  }

  /** An adapter that never answers must not hold up its chat: after the limit nobody knows what came of the call. */
  async #limited<T>(call: Promise<T>, otherwise: T): Promise<T> {
    const { clock, callTimeoutMs } = this.#outbox.parts;
    const limit = timeLimited(this.#gone.signal, callTimeoutMs, clock);
    const overdue = new Promise<T>((resolve) => {
      limit.signal.addEventListener("abort", () => resolve(otherwise), { once: true });
    });
    try {
      return await Promise.race([call, overdue]);
    } finally {
      limit.release();
    }
  }

  /** One surface for the whole reply, whichever connection is there when something is shown: it counts the uses of the right to answer. */
  #createSurface(isGrantInDoubt: boolean): ReplySurface {
    const { chat, origin, replyId } = this.target;
    const { connections, clock } = this.#outbox.parts;
    const now = (): Connection => {
      const connection = connections.get(chat.ref.platform);
      if (connection !== undefined) return connection;
      throw new PlatformError({
        platform: chat.ref.platform,
        failure: { kind: "unavailable" },
        message: "Not connected",
        maybeDone: false,
      });
    };
    return createConnectionSurface({
      connection: {
        send: (...call) => now().send(...call),
        edit: async (...call) => now().edit?.(...call),
        remove: async (...call) => now().remove?.(...call),
        openLive: async (...call) => (await now().openLive?.(...call)) ?? null,
      },
      chat,
      clock,
      idempotencyKey: (part) => `${replyId}.${part}`,
      options: {
        signal: this.#outbox.signal,
        mentions: [],
        ...(origin === undefined ? {} : { origin: isGrantInDoubt ? withoutGrant(origin) : origin }),
      },
    });
  }

  /** When what cannot be shown is given up. An agent that takes long uses none of this time. */
  #overdueAtMs(): number {
    const { clock, deliveryMaxMs } = this.#outbox.parts;
    return (this.#stuckSinceMs ?? clock.now()) + deliveryMaxMs;
  }

  /** The platform's connection; undefined once the reply has waited for it too long. */
  async #connection(): Promise<Connection | undefined> {
    const { clock, connections } = this.#outbox.parts;
    const limit = timeLimited(this.#gone.signal, this.#overdueAtMs() - clock.now(), clock);
    const connection = await connections.wait(this.target.chat.ref.platform, limit.signal);
    limit.release();
    return connection;
  }

  #noteEvidence(part: Part): void {
    if (part.state === "failed") {
      const { platform, chatId } = this.target.chat.ref;
      this.#outbox.parts.logger.warn(
        `[${platform}] Part ${part.index} of ${this.target.replyId} could not be delivered to chat ${chatId}`,
      );
    }
    if (!isNews(this.#recorded.get(part.index), part)) return;
    // What fails here is written with the next record, at the latest when the reply settles.
    this.#record().catch((error: unknown) => {
      this.#outbox.parts.logger.error(`The store did not take what is known of ${this.target.replyId} (${reasonOf(error)})`);
    });
  }

  /** Writes what changed since the last write, one write after the other: one that fails leaves the next all there is to write. */
  #record(): Promise<void> {
    this.#lastWrite = this.#lastWrite.catch(() => undefined).then(() => this.#writeChanges());
    return this.#lastWrite;
  }

  async #writeChanges(): Promise<void> {
    const recording = this.#recording;
    const changed = this.#consumer.state.parts
      .map((part) => this.#asStored(part))
      .filter((part) => !isSame(this.#recorded.get(part.index), part));
    if (this.#outbox.isClosed || (changed.length === 0 && recording.kind !== "first")) return;
    await this.#write(recording, changed);
    for (const part of changed) this.#recorded.set(part.index, part);
    if (recording.kind === "first") this.#recording = { kind: "ended" };
  }

  #write(recording: ReplyRecording, parts: readonly Part[]): Promise<void> {
    const { store } = this.#outbox.parts;
    const { replyId } = this.target;
    switch (recording.kind) {
      case "running":
        return store.commitStep({ kind: "parts", turnId: replyId, parts });
      case "first":
        return recording.write(parts);
      case "ended":
        return store.settleParts({ replyId, parts });
    }
  }

  async #recordUntilDone(): Promise<void> {
    const { clock, logger } = this.#outbox.parts;
    for (let waitMs = 250; !this.#outbox.isClosed; waitMs = Math.min(waitMs * 2, 30_000)) {
      try {
        await this.#record();
        return;
      } catch (error) {
        logger.error(
          `The store did not take the answer ${this.target.replyId} (${reasonOf(error)}); trying again in ${waitMs} ms`,
        );
        await pauseUntil(clock.now() + waitMs, clock, this.#gone.signal);
      }
    }
  }

  #asStored(part: Part): Part {
    return part.inFlightRevision === null || this.#calling.has(part.index) ? part : { ...part, inFlightRevision: null };
  }
}

function withoutGrant({ message, author, lifetime }: Origin): Origin {
  return { author, lifetime, ...(message === undefined ? {} : { message }) };
}

const unanswered: ShowResult = { kind: "failed", failure: { kind: "unavailable" }, maybeDone: true };

/** The platform did not come back in time; nobody can be told there either. */
const givenUp: ShowResult = { kind: "failed", failure: { kind: "forbidden" }, maybeDone: false };

/** For calls that a stopping gateway does not make: whoever waits for them is let go with it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
