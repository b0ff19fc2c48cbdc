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

  /** The calls at the end that have no results yet, where they are a turn's. */
  unfinished(turnId: string): readonly CallPart[] {
    const last = this.#entries.at(-1);
    return last?.kind === "assistant" && last.turn === turnId ? callsOf(last) : [];
  }

  /** Gives every call its result, but for those at the end that are still to be made. */
  repairBefore(unfinished: readonly CallPart[]): void {
    if (unfinished.length > 0) this.#entries = [...repaired(this.#entries.slice(0, -1)), ...this.#entries.slice(-1)];
  }

  /** Gives every call its result. What is missing at the end, where a turn was cut off, is stored as well. */
  repair(lost: (call: CallPart) => string): void {
    const before = new Set(this.#entries);
    this.#entries = repaired(this.#entries, lost);
    const end = this.#entries.at(-1);
    if (end?.kind === "results" && !before.has(end)) this.#pending.push(encodeEntry(end).stored);
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
