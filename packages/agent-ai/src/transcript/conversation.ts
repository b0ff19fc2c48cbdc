import type { Json, Logger } from "@hermes/core";
import { decodeEntry, encodeEntry, type CallPart, type Entry } from "./entry.ts";
import { callsOf, repaired } from "./repair.ts";

/** What was said, as the model is to be told it, and what of it is not stored yet. */
export class Conversation {
  #entries: readonly Entry[] = [];
  #pending: Json[] = [];

  /** Reads what was stored. What cannot be read is left out, and said once in the log. */
  static async read(stored: AsyncIterable<Json>, logger: Logger): Promise<Conversation> {
    const conversation = new Conversation();
    let unread = 0;
    for await (const each of stored) {
      const entry = decodeEntry(each);
      if (entry === undefined) unread += 1;
      else conversation.#apply(entry);
    }
    if (unread > 0) logger.warn(`${unread} entries of a conversation cannot be read, and are left out of it`);
    return conversation;
  }

  get entries(): readonly Entry[] {
    return this.#entries;
  }

  /** Those of one turn. */
  of(turnId: string): readonly Entry[] {
    return this.#entries.filter(({ turn }) => turn === turnId);
  }

  /** Ids of calls that are taken: each is unique in a conversation. */
  get callIds(): ReadonlySet<string> {
    return new Set(this.#entries.flatMap((entry) => (entry.kind === "assistant" ? callsOf(entry).map(({ id }) => id) : [])));
  }

  add(given: Entry): void {
    const { stored, entry } = encodeEntry(given);
    this.#pending.push(stored);
    this.#apply(entry);
  }

  /** Calls of a turn that stand at the very end, without a result: its process ended before all of them were made. */
  unanswered(turnId: string): readonly CallPart[] {
    const end = this.#entries.at(-1);
    return end?.kind === "assistant" && end.turn === turnId ? callsOf(end) : [];
  }

  /**
   * Gives every call its result. What is missing at the end, where a turn was cut off, is stored as well; where the calls there are about
   * to be made (`goesOn`), they are left without.
   */
  repair(lost: (call: CallPart) => string, goesOn = false): void {
    const before = new Set(this.#entries);
    const whole = repaired(this.#entries, lost);
    const end = whole.at(-1);
    const isNew = end?.kind === "results" && !before.has(end);
    this.#entries = isNew && goesOn ? whole.slice(0, -1) : whole;
    if (isNew && !goesOn) this.#pending.push(encodeEntry(end).stored);
  }

  /** What is to be stored by the next checkpoint; nothing twice. */
  takePending(): readonly Json[] {
    return this.#pending.splice(0);
  }

  #apply(entry: Entry): void {
    if (entry.kind !== "compaction") {
      this.#entries = [...this.#entries, entry];
      return;
    }
    // Counted as they stood when it was written: every call with its result.
    const whole = repaired(this.#entries);
    this.#entries = [entry, ...whole.slice(Math.max(0, whole.length - entry.kept))];
  }
}
