import {
  createStreamConsumer,
  type Action,
  type AgentEvent,
  type AnswerEnding,
  type Capabilities,
  type Failure,
  type LiveLimits,
  type Part,
  type ProgressEvent,
  type ReplyContext,
  type ReplySurface,
  type ShowRequest,
  type ShowResult,
  type StreamConsumer,
} from "@hermes/core";
import { settledWithin, timeLimited } from "../pause.ts";
import { levelOf } from "../store-error.ts";
import { createChatSurface } from "./chat-surface.ts";
import { mayHaveSent, restore, type Leftover } from "./restore.ts";
import type { ReplyTarget } from "./reply-target.ts";
import { Patience } from "./patience.ts";
import { ProgressQueue } from "./progress-queue.ts";
import type { ReplyKeeper } from "./reply-keeper.ts";
import { ReplyRecord, type PartsWrite, type ReplyRecording } from "./reply-record.ts";

/** What is put to somebody. */
export interface Posed {
  readonly text: string;
  readonly actions: readonly (readonly Action[])[];
}

/** A reply whose parts are in the store before they are sent, and whose evidence is there after. */
export class DurableReply implements ReplySurface {
  readonly target: ReplyTarget;
  /**
   * Every part is shown or given up, or its chat cannot be reached and the store keeps what waits; and that is in the store. Stays
   * open when the gateway stops first.
   */
  readonly settled: Promise<void>;
  readonly #outbox: ReplyKeeper;
  readonly #consumer: StreamConsumer;
  readonly #context: ReplyContext;
  readonly #gone = new AbortController();
  readonly #left = Promise.withResolvers<void>();
  readonly #finished = Promise.withResolvers<void>();
  readonly #record: ReplyRecord;
  readonly #surface: ReplySurface;
  readonly #isOwn: boolean;
  readonly #patience: Patience;
  readonly #progress: ProgressQueue;
  /** An earlier process or an earlier try left it. */
  readonly #isTakenUp: boolean;
  #isDropped = false;
  #ending: AnswerEnding | undefined;
  /** What is to be shown has to be kept first. */
  #gate: Promise<void> = Promise.resolve();

  constructor(
    outbox: ReplyKeeper,
    target: ReplyTarget,
    recording: ReplyRecording,
    context: ReplyContext,
    leftover: Leftover | undefined,
  ) {
    this.#outbox = outbox;
    this.target = target;
    this.#context = context;
    this.#isOwn = context.capabilities.live === "own";
    this.#isTakenUp = recording.kind === "ended";
    if (recording.kind === "ended") this.#ending = recording.how;
    this.#record = new ReplyRecord(outbox, target, recording, leftover?.parts ?? [], () => this.#consumer.state.parts);
    this.#patience = new Patience(outbox.parts, target.chat.ref.platform);
    this.#progress = new ProgressQueue(
      () => this.#consumer.state.parts.length,
      (count) => this.#gone.signal.aborted || !this.#consumer.state.parts.slice(0, count).some(({ state }) => state === "closed"),
      (event) => {
        const { chat, origin } = target;
        if (origin !== undefined) outbox.parts.answers.progress(chat, origin, event);
      },
    );
    this.#surface = createChatSurface(outbox, target, leftover !== undefined && mayHaveSent(leftover.parts));
    this.#consumer = createStreamConsumer({
      context,
      surface: this,
      clock: outbox.parts.clock,
      onSettled: (part) => {
        this.#record.note(part);
        this.#progress.look();
      },
      ...(leftover === undefined ? {} : { state: restore(leftover, context, outbox.parts.clock.now()) }),
    });
    const shown = this.#consumer.settled.then(
      () => {
        this.#patience.end();
        return this.#record.writeUntilDone(this.#gone.signal);
      },
      (error: unknown) => outbox.parts.logger.error(`Showing ${target.replyId} ended by a fault: ${reasonOf(error)}`),
    );
    this.settled = Promise.race([shown, this.#left.promise]);
  }

  /** What the chat can show. */
  get capabilities(): Capabilities {
    return this.#context.capabilities;
  }

  /** Where words are rationed a question has no message of its own, and no buttons. */
  get hasButtons(): boolean {
    return this.#context.grant?.uses === undefined;
  }

  /** Whether a text can be shown in one message, as it is. */
  fits(markdown: string): boolean {
    const { maxLength } = this.#context.capabilities.text;
    return maxLength === null || this.#context.measure(markdown) <= maxLength;
  }

  /** How many checkpoints the agent has made. */
  get step(): number {
    return this.#consumer.state.step;
  }

  /** How the answer ended, once all of it is shown or given up; undefined while anything of it waits. */
  get ending(): AnswerEnding | undefined {
    return this.#gone.signal.aborted ? undefined : this.#ending;
  }

  /** Puts something to somebody without waiting for an answer. */
  pose(question: Posed): void {
    this.#consumer.pose(question);
  }

  push(event: AgentEvent): void {
    this.#consumer.push(event);
  }

  /** The agent does something besides speaking: told once what it said before stands there. */
  note(event: ProgressEvent): void {
    this.#progress.add(event);
  }

  /**
   * Puts something to somebody and waits: nothing more is said until they have answered, and nothing of it is shown before `write`
   * has kept it.
   */
  async ask<T>(question: Posed, write: (parts: readonly Part[], step: number) => Promise<T>): Promise<T> {
    const kept = Promise.withResolvers<void>();
    const before = this.#gate;
    this.#gate = kept.promise;
    // One question after the other: each is kept with its own words alone.
    await before;
    this.#consumer.pose(question);
    try {
      const result = await this.commit((parts) => write(parts, this.step));
      this.#outbox.parts.activity.note(this.target.sessionKey);
      return result;
    } finally {
      kept.resolve();
    }
  }

  /** Gives up what is not shown yet. Resolves when that is in the store. */
  async drop(): Promise<void> {
    this.#isDropped = true;
    this.#consumer.drop();
    await this.settled;
  }

  /** Writes all that is known of the parts, together with something else. */
  async commit<T>(write: PartsWrite<T>): Promise<T> {
    return await this.#record.writeAlong(write);
  }

  /** The reply is complete. Resolves when all of it is in the store; showing it goes on. */
  async finish(how: "finished" | "interrupted" | "failed", write?: PartsWrite): Promise<void> {
    if (write !== undefined) this.#record.enter({ kind: "first", write });
    this.#ending = how;
    this.#finished.resolve();
    this.#consumer.end(how);
    await this.#record.writeUntilDone(this.#gone.signal);
  }

  /** All writes that were begun are over. */
  async recorded(): Promise<void> {
    await this.#record.over();
  }

  /** Lets go of it without ending it: the store knows how to go on. */
  abandon(): void {
    this.#gone.abort("shutdown");
    this.#patience.end();
    this.#consumer.abandon();
  }

  async open(part: number): Promise<LiveLimits | null> {
    const isOpen = await this.#patience.waitForConnection(this.#gone.signal);
    // It would stand before what waits for this chat.
    if (this.#mustWait() || this.#outbox.parking.find(this.target.chat.ref) !== undefined) return null;
    // A chat that takes no calls for a while opens no stream either.
    if (this.#outbox.penalties.untilMs(this.target.chat.ref) !== undefined) return null;
    return isOpen && !this.#outbox.isClosing ? await this.#limited(this.#surface.open(part), null) : null;
  }

  async show(request: ShowRequest): Promise<ShowResult> {
    const { parking, order } = this.#outbox;
    const { ref } = this.target.chat;
    await this.#gate;
    for (;;) {
      if (this.#outbox.isClosing) return await never();
      // Only now: until what came of the last call is part of the state, a write must still say that it was made.
      this.#record.calls.delete(request.part);
      if (this.#mustWait()) {
        const tried = parking.whenTried(ref);
        // A turn that has ended meanwhile need not wait: it leaves.
        await (parking.isReviving(ref) ? tried : Promise.race([tried, this.#finished.promise]));
        continue;
      }
      if (parking.find(ref) !== undefined) {
        await this.#record.writeUntilDone(this.#gone.signal);
        // Tried again meanwhile, what waits there was taken up without what was not yet let go.
        if (parking.find(ref) !== undefined) return await this.#leave();
        continue;
      }
      if (!(await this.#patience.waitForConnection(this.#gone.signal)) || this.#isDropped) return givenUp;
      const result = await order.run(`${ref.platform}\n${ref.chatId}`, () => this.#inTurn(request));
      if (result.kind === "shown") this.#patience.renew();
      else this.#patience.lose();
      if (result.kind !== "failed" || !this.#parks(request, result.failure)) return result;
    }
  }

  /** What waited for a chat comes before what is newer; and a turn that runs does not leave. */
  #mustWait(): boolean {
    const { parking } = this.#outbox;
    const { ref } = this.target.chat;
    if (this.#isTakenUp) return false;
    return parking.isReviving(ref) || (this.#record.recording.kind === "running" && parking.find(ref) !== undefined);
  }

  /** Whether the chat cannot be reached, and what is to be said there is to wait. */
  #parks({ refs, final, inDoubt }: ShowRequest, failure: Failure): boolean {
    const isUnreachable = failure.kind === "forbidden" || (failure.kind === "not-found" && failure.what === "chat");
    // Of a caller who hung up nothing follows for anybody else.
    const isForCaller = this.target.origin?.lifetime === "request";
    // What still grows is shown once it is complete; what has to be repeated as it was does not grow.
    const isGrowing = !final && !inDoubt;
    if (!isUnreachable || isForCaller || refs.length > 0 || isGrowing || this.#isOld()) return false;
    this.#outbox.parking.park(this.target.chat.ref, failure.kind);
    return true;
  }

  /** What was said so long ago is not tried again and again. */
  #isOld(): boolean {
    const { clock, deliveryMaxMs } = this.#outbox.parts;
    const { recording } = this.#record;
    return recording.kind === "ended" && recording.sinceMs + deliveryMaxMs < clock.now();
  }

  /** The store keeps what waits; whoever takes it up again shows it. */
  async #leave(): Promise<never> {
    this.abandon();
    // Whoever takes it up says it again, as if it had gone with a process; here it would stay.
    if (this.#isOwn) await this.#surface.giveUpLive?.();
    this.#left.resolve();
    return await never();
  }

  async #inTurn(request: ShowRequest): Promise<ShowResult> {
    if (this.#outbox.isClosing) return await never();
    const { ref } = this.target.chat;
    const { pace } = this.#context.capabilities;
    // Platforms count each file of an album.
    const messages = Math.max(1, request.files.length);
    const untilMs = this.#outbox.penalties.untilMs(ref) ?? this.#outbox.pace.untilMs(ref, pace, !request.final, messages);
    if (untilMs !== undefined) return { kind: "deferred", untilMs };
    const ended = this.#outbox.pace.take(ref, pace, messages);
    const result = (await this.#outbox.track(this.#call(request).finally(ended))) ?? (await never());
    // What our own store did not take says nothing of the platform.
    if (result !== notKept)
      this.#outbox.parts.facts.called(this.target.chat.ref.platform, result.kind === "failed" ? result.failure.kind : undefined);
    if (result.kind === "failed" && result.failure.kind === "rate-limited")
      this.#outbox.penalties.note(this.target.chat.ref, result.failure);
    return result;
  }

  /** Undefined: the gateway stops, and the call was not made. */
  async #call(request: ShowRequest): Promise<ShowResult | undefined> {
    const isEvidence = request.final || request.refs.length === 0;
    try {
      if (isEvidence) {
        this.#record.calls.add(request.part);
        await this.#record.write();
      }
      if (!this.#outbox.isClosing) return await this.#limited(this.#surface.show(request), unanswered);
      // Noted as begun, and not begun: the next process must not take it for a call that may have happened.
      this.#record.calls.delete(request.part);
      await this.#record.write();
      return undefined;
    } catch (error) {
      this.#record.calls.delete(request.part);
      this.#outbox.parts.logger[levelOf(error)](
        `The answer ${this.target.replyId} waits: the store did not take it (${reasonOf(error)})`,
      );
      return notKept;
    }
  }

  /** An adapter that never answers must not hold up its chat: after the limit nobody knows what came of the call. */
  async #limited<T>(call: Promise<T>, otherwise: T): Promise<T> {
    const { clock, callTimeoutMs } = this.#outbox.parts;
    return await settledWithin(call, otherwise, timeLimited(this.#gone.signal, callTimeoutMs, clock));
  }
}

const unanswered: ShowResult = { kind: "failed", failure: { kind: "unavailable" }, maybeDone: true };

/** The call was not made: the store has to know of it first. */
const notKept: ShowResult = { kind: "failed", failure: { kind: "unavailable" }, maybeDone: false };

/** The platform did not come back in time; nobody can be told there either. */
const givenUp: ShowResult = { kind: "failed", failure: { kind: "forbidden" }, maybeDone: false };

/** For calls that a stopping gateway does not make: whoever waits for them is let go with it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
