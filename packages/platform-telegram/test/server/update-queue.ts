import type { Update } from "grammy/types";
import { BotApiError } from "./bot-api-error.ts";

/** Kinds that arrive only when asked for by name. */
const onRequest: ReadonlySet<string> = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutMs: number;
  settle(outcome: readonly Update[] | BotApiError): void;
}

export interface PollRequest {
  readonly offset?: number;
  readonly limit?: number;
  /** Seconds. */
  readonly timeout?: number;
  readonly allowedUpdates?: readonly string[];
}

/**
 * Updates until they are confirmed: by a later offset when polled, by a 200 when pushed. One poller at a time; a second one ends
 * the first with 409.
 */
export class UpdateQueue {
  readonly pending: Update[] = [];
  allowed: readonly string[] = [];
  /** Called whenever something changed. */
  onChange: () => void = () => undefined;
  #nextId: number;
  #poll: Poll | undefined;

  constructor(firstId: number) {
    this.#nextId = firstId;
  }

  /** Is a long poll open? */
  get polling(): boolean {
    return this.#poll !== undefined;
  }

  /** Puts an update in, unless its kind was not asked for. Returns its id, or undefined. */
  push(update: Omit<Update, "update_id">): number | undefined {
    const kind = Object.keys(update)[0] ?? "";
    if (!this.#wants(kind)) return undefined;
    return this.pushRaw({ update_id: this.#nextId++, ...update });
  }

  /** Puts in whatever it is given, also what Telegram would never send. */
  pushRaw(update: Update): number {
    this.pending.push(update);
    this.#serve();
    this.onChange();
    return update.update_id;
  }

  #wants(kind: string): boolean {
    return this.allowed.length === 0 ? !onRequest.has(kind) : this.allowed.includes(kind);
  }

  /** One `getUpdates`; ends when there is something, after the time-out, or when `signal` says that the caller went away. */
  poll(request: PollRequest, signal: AbortSignal): Promise<readonly Update[]> {
    this.interrupt("terminated by other getUpdates request; make sure that only one bot instance is running");
    if (request.allowedUpdates !== undefined) this.allowed = request.allowedUpdates;
    const offset = this.#confirm(request.offset ?? 0);
    const limit = Math.min(Math.max(request.limit ?? 100, 1), 100);
    if (this.pending.length > 0 || (request.timeout ?? 0) <= 0) return Promise.resolve(this.#batch(offset, limit));
    return new Promise((resolve, reject) => {
      const settle = (outcome: readonly Update[] | BotApiError): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", leave);
        if (this.#poll === poll) this.#poll = undefined;
        if (outcome instanceof BotApiError) reject(outcome);
        else resolve(outcome);
        this.onChange();
      };
      const poll: Poll = { offset, limit, timeoutMs: (request.timeout ?? 0) * 1000, settle };
      const leave = (): void => settle([]);
      const timer = setTimeout(() => settle([]), poll.timeoutMs);
      signal.addEventListener("abort", leave);
      this.#poll = poll;
      this.onChange();
    });
  }

  /** Ends an open long poll that waits for no longer than that. */
  lapse(durationMs: number): void {
    if (this.#poll !== undefined && this.#poll.timeoutMs <= durationMs) this.#poll.settle([]);
  }

  /** Ends an open long poll with 409. */
  interrupt(reason: string): void {
    this.#poll?.settle(new BotApiError(409, `Conflict: ${reason}`));
  }

  /** Takes an update out that was delivered by webhook. */
  remove(update: Update): void {
    const index = this.pending.indexOf(update);
    if (index >= 0) this.pending.splice(index, 1);
    this.onChange();
  }

  /** Forgets what is below the offset; a negative one counts from the end. */
  #confirm(offset: number): number {
    const from = offset < 0 ? (this.pending.at(offset)?.update_id ?? this.pending[0]?.update_id ?? 0) : offset;
    // What was pushed in without a number goes with the first confirmation.
    const kept = this.pending.filter((update) => from === 0 || update.update_id >= from);
    this.pending.splice(0, this.pending.length, ...kept);
    return from;
  }

  #batch(offset: number, limit: number): readonly Update[] {
    return this.pending.filter((update) => !(update.update_id < offset)).slice(0, limit);
  }

  #serve(): void {
    const poll = this.#poll;
    if (poll === undefined) return;
    const batch = this.#batch(poll.offset, poll.limit);
    if (batch.length > 0) poll.settle(batch);
  }
}
