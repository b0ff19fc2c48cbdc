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
import { timeLimited } from "../pause.ts";
import { mayHaveSent, restore, type Leftover } from "./restore.ts";
import type { Outbox } from "./outbox.ts";

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
  readonly #outbox: Outbox;
  readonly #consumer: StreamConsumer;
  readonly #startedAtMs: number;
  /** Parts whose call may have begun: only these count as in flight for whoever finds them. */
  readonly #calling = new Set<number>();
  readonly #gone = new AbortController();
  #recording: ReplyRecording;
  #recorded = new Map<number, Part>();
  #lastWrite: Promise<void> = Promise.resolve();
  readonly #surface: ReplySurface;

  constructor(
    outbox: Outbox,
    target: ReplyTarget,
    recording: ReplyRecording,
    context: ReplyContext,
    leftover: Leftover | undefined,
  ) {
    this.#outbox = outbox;
    this.target = target;
    this.#recording = recording;
    this.#startedAtMs = outbox.parts.clock.now();
    for (const part of leftover?.parts ?? []) this.#recorded.set(part.index, part);
    this.#surface = this.#createSurface(leftover !== undefined && mayHaveSent(leftover.parts));
    this.#consumer = createStreamConsumer({
      context,
      surface: this,
      clock: outbox.parts.clock,
      onSettled: (part) => this.#noteEvidence(part),
      ...(leftover === undefined ? {} : { state: restore(leftover, context, this.#startedAtMs) }),
    });
    this.settled = this.#consumer.settled.then(() => this.#recordUntilDone());
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
    const connection = await this.#connection();
    return connection === undefined || this.#outbox.isClosing ? null : await this.#surface.open(part);
  }

  async show(request: ShowRequest): Promise<ShowResult> {
    if (this.#outbox.isClosing) return await new Promise<ShowResult>(() => undefined);
    const connection = this.#outbox.parts.connections.get(this.target.chat.ref.platform) ?? (await this.#connection());
    if (connection === undefined || this.#isOverdue()) return givenUp;
    return await this.#outbox.order.run(this.target.chat.ref, () => this.#call(request));
  }

  async #call(request: ShowRequest): Promise<ShowResult> {
    if (this.#outbox.isClosing) return await new Promise<ShowResult>(() => undefined);
    const isEvidence = request.final || request.refs.length === 0;
    if (isEvidence) {
      this.#calling.add(request.part);
      try {
        await this.#record();
      } catch (error) {
        this.#calling.delete(request.part);
        this.#outbox.parts.logger.error(
          `The answer ${this.target.replyId} waits: the store did not take it (${reasonOf(error)})`,
        );
        return { kind: "failed", failure: { kind: "unavailable" }, maybeDone: false };
      }
    }
    const result = await this.#outbox.track(this.#limited(this.#surface.show(request)));
    this.#calling.delete(request.part);
    return result;
  }

  /** An adapter that never answers must not hold up its chat: after the limit nobody knows what came of the call. */
  async #limited(call: Promise<ShowResult>): Promise<ShowResult> {
    const { clock, callTimeoutMs } = this.#outbox.parts;
    return await new Promise((resolve) => {
      const cancel = clock.wakeAt(clock.now() + callTimeoutMs, () => resolve(unanswered));
      void call.then((result) => {
        cancel();
        resolve(result);
      });
    });
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

  #isOverdue(): boolean {
    const { clock, deliveryMaxMs } = this.#outbox.parts;
    return clock.now() - this.#startedAtMs > deliveryMaxMs;
  }

  /** The platform's connection; undefined once the reply has waited for it too long. */
  async #connection(): Promise<Connection | undefined> {
    const { clock, connections, deliveryMaxMs } = this.#outbox.parts;
    const limit = timeLimited(this.#gone.signal, this.#startedAtMs + deliveryMaxMs - clock.now(), clock);
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
    const before = this.#recorded.get(part.index);
    const isNews =
      before === undefined || before.refs.length !== part.refs.length || (before.state !== part.state && part.state !== "closed");
    if (!isNews) return;
    // What fails here is written with the next record, at the latest when the reply settles.
    this.#record().catch((error: unknown) => {
      this.#outbox.parts.logger.error(`The store did not take what is known of ${this.target.replyId} (${reasonOf(error)})`);
    });
  }

  /** Writes what changed since the last write. One write carries everything known at its start. */
  #record(): Promise<void> {
    if (this.#outbox.isClosed) return Promise.resolve();
    const changed = this.#consumer.state.parts
      .map((part) => this.#asStored(part))
      .filter((part) => !isSame(this.#recorded.get(part.index), part));
    const recording = this.#recording;
    if (changed.length === 0 && recording.kind !== "first") return this.#lastWrite;
    const before = this.#recorded;
    this.#recorded = new Map(before);
    for (const part of changed) this.#recorded.set(part.index, part);
    if (recording.kind === "first") this.#recording = { kind: "ended" };
    this.#lastWrite = this.#write(recording, changed).catch((error: unknown) => {
      this.#recorded = before;
      this.#recording = recording;
      throw error;
    });
    return this.#lastWrite;
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
        await new Promise<void>((resolve) => clock.wakeAt(clock.now() + waitMs, resolve));
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

function isSame(a: Part | undefined, b: Part): boolean {
  if (a === undefined) return false;
  return (
    a === b ||
    (a.desiredRevision === b.desiredRevision &&
      a.shownRevision === b.shownRevision &&
      a.inFlightRevision === b.inFlightRevision &&
      a.state === b.state &&
      a.refs === b.refs &&
      a.marked === b.marked &&
      a.attempts === b.attempts)
  );
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
