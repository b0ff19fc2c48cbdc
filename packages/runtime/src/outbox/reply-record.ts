import type { AnswerEnding, Part } from "@hermes/core";
import { pauseUntil } from "../pause.ts";
import { levelOf } from "../store-error.ts";
import { isNews, isSame } from "./evidence.ts";
import type { ReplyKeeper } from "./reply-keeper.ts";
import type { ReplyTarget } from "./reply-target.ts";

/** Writes parts that have changed. */
export type PartsWrite<T = void> = (parts: readonly Part[]) => Promise<T>;

/**
 * Where a reply stands in the store.
 *
 * - `running`: its turn runs; parts are evidence for whoever takes the turn up again.
 * - `first`: the next write is this one, which ends the turn or starts the notice.
 * - `ended`: only what is known of its parts is still to be written.
 */
export type ReplyRecording =
  | { readonly kind: "running" }
  | { readonly kind: "first"; readonly write: PartsWrite }
  | { readonly kind: "ended"; readonly sinceMs: number; readonly how?: AnswerEnding };

/** What the store knows of one reply's parts. Writes go one after the other; one that fails leaves the next all there is to write. */
export class ReplyRecord {
  /** Parts whose call may have begun: only these count as in flight for whoever finds them. */
  readonly calls = new Set<number>();
  readonly #outbox: ReplyKeeper;
  readonly #target: ReplyTarget;
  readonly #partsNow: () => readonly Part[];
  readonly #stored = new Map<number, Part>();
  #recording: ReplyRecording;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    outbox: ReplyKeeper,
    target: ReplyTarget,
    recording: ReplyRecording,
    stored: readonly Part[],
    partsNow: () => readonly Part[],
  ) {
    this.#outbox = outbox;
    this.#target = target;
    this.#recording = recording;
    this.#partsNow = partsNow;
    for (const part of stored) this.#stored.set(part.index, part);
  }

  get recording(): ReplyRecording {
    return this.#recording;
  }

  enter(recording: ReplyRecording): void {
    this.#recording = recording;
  }

  /** A call came back: what whoever finds the reply after a crash has to know is written. */
  note(part: Part): void {
    const { logger } = this.#outbox.parts;
    const { chat, replyId } = this.#target;
    if (part.state === "failed") {
      const { platform, chatId } = chat.ref;
      logger.warn(`[${platform}] Part ${part.index} of ${replyId} could not be delivered to chat ${chatId}`);
    }
    if (!isNews(this.#stored.get(part.index), part)) return;
    // What fails here is written with the next record, at the latest when the reply settles.
    this.write().catch((error: unknown) => {
      logger[levelOf(error)](`The store did not take what is known of ${replyId} (${reasonOf(error)})`);
    });
  }

  /** Writes what changed since the last write. What that means is looked at when it is this write's turn. */
  async write(): Promise<void> {
    await this.#inTurn(async () => {
      const changed = this.#changed(this.#partsNow().filter(isEvidence));
      if (this.#outbox.isClosed || (changed.length === 0 && this.#recording.kind !== "first")) return;
      await this.#put(changed, (parts) => this.#writeNow(parts));
    });
  }

  /** Writes all that changed, if only nothing, together with something else. */
  async writeAlong<T>(write: PartsWrite<T>): Promise<T> {
    return await this.#inTurn(() => this.#put(this.#changed(this.#partsNow()), write));
  }

  /** Tries until the store has taken it, the outbox is closed or `signal` is aborted. */
  async writeUntilDone(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#outbox.parts;
    for (let waitMs = 250; !this.#outbox.isClosed; waitMs = Math.min(waitMs * 2, 30_000)) {
      try {
        await this.write();
        return;
      } catch (error) {
        logger[levelOf(error)](
          `The store did not take the answer ${this.#target.replyId} (${reasonOf(error)}); trying again in ${waitMs} ms`,
        );
        await pauseUntil(clock.now() + waitMs, clock, signal);
      }
    }
  }

  /** All writes that were begun are over. */
  async over(): Promise<void> {
    await this.#last;
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const next = this.#last.then(run);
    this.#last = next.catch(() => undefined);
    return next;
  }

  async #writeNow(parts: readonly Part[]): Promise<void> {
    const { store, clock } = this.#outbox.parts;
    const { replyId } = this.#target;
    const recording = this.#recording;
    switch (recording.kind) {
      case "running":
        return await store.commitStep({ kind: "parts", turnId: replyId, parts });
      case "first":
        await recording.write(parts);
        this.#recording = { kind: "ended", sinceMs: clock.now() };
        return;
      case "ended":
        return await store.settleParts({ replyId, parts });
    }
  }

  #changed(parts: readonly Part[]): readonly Part[] {
    return parts.map((part) => this.#asStored(part)).filter((part) => !isSame(this.#stored.get(part.index), part));
  }

  async #put<T>(changed: readonly Part[], write: PartsWrite<T>): Promise<T> {
    const result = await write(changed);
    for (const part of changed) this.#stored.set(part.index, part);
    return result;
  }

  #asStored(part: Part): Part {
    return part.inFlightRevision === null || this.calls.has(part.index) ? part : { ...part, inFlightRevision: null };
  }
}

/** Text that only grows, and that nobody has seen, is no evidence: the agent may say it again. */
function isEvidence({ state, firstCalledAtMs }: Part): boolean {
  return state !== "open" || firstCalledAtMs !== null;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
