import { BoundedMap } from "@hermes/core";
import type { KnownEvent } from "./place.ts";

/** How many events are remembered, and how much of what they say. */
const memory = 2000;
const maxTextLength = 4000;

/** The latest events: what answers, edits, reactions and redactions mean depends on what they are to. */
export class KnownEvents {
  readonly #known = new BoundedMap<KnownEvent>(memory);
  readonly #gone = new BoundedMap<true>(memory);

  find(eventId: string): KnownEvent | undefined {
    return this.#known.get(eventId);
  }

  remember(eventId: string, known: KnownEvent): void {
    const before = this.#known.get(eventId);
    // What comes a second time may have been edited meanwhile.
    const isEdited = before !== undefined && before.saidBy !== eventId;
    this.#known.set(eventId, isEdited ? before : bounded(known));
    const edited = known.kind === "edit" && known.target !== undefined ? this.#known.get(known.target) : undefined;
    if (known.kind !== "edit" || known.target === undefined || edited?.sender !== known.sender) return;
    this.#known.set(known.target, bounded({ ...edited, text: known.text, saidBy: known.saidBy }));
  }

  forget(eventId: string): void {
    this.#known.delete(eventId);
    this.#gone.set(eventId, true);
  }

  /** Whether it was taken out, as far as is remembered. */
  isGone(eventId: string): boolean {
    return this.#gone.has(eventId);
  }
}

/** A text that is longer than is kept is never taken for the same as another. */
function bounded(known: KnownEvent): KnownEvent {
  return known.text.length <= maxTextLength
    ? known
    : { ...known, text: `${known.text.slice(0, maxTextLength - 1).toWellFormed()}…` };
}
