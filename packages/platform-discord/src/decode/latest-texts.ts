import { hash } from "node:crypto";
import type { Author, PlatformEvent } from "@hermes/core";

/** How many messages are remembered. */
const memory = 1000;

interface Known {
  readonly digest: string;
  readonly eventId: string;
  readonly author: Author;
}

/**
 * The latest messages. Discord tells of an update also when a preview, a pin or something else of a message changed (Message Update),
 * and does not say what; and it tells of a deletion without saying whose message it was.
 */
export class LatestTexts {
  readonly #known = new Map<string, Known>();

  /** The events without edits that leave a text as it was, as far as is remembered. One that is told again gets the same answer. */
  changed(events: readonly PlatformEvent[]): readonly PlatformEvent[] {
    return events.filter((event) => !this.#isUnchanged(event));
  }

  /** Who wrote a message, as far as is remembered. */
  authorOf(messageId: string): Author | undefined {
    return this.#known.get(messageId)?.author;
  }

  #isUnchanged(event: PlatformEvent): boolean {
    if (event.type !== "message" && event.type !== "edit") return false;
    const { eventId, messageId, text, type, origin } = event;
    const digest = hash("sha256", text);
    const known = this.#known.get(messageId);
    if (type === "edit" && known?.digest === digest) return known.eventId !== eventId;
    this.#known.delete(messageId);
    this.#known.set(messageId, { digest, eventId, author: origin.author });
    const [oldest] = this.#known.keys();
    if (this.#known.size > memory && oldest !== undefined) this.#known.delete(oldest);
    return false;
  }
}
