import { hash } from "node:crypto";
import type { PlatformEvent } from "@hermes/core";

/** How many messages are remembered. */
const memory = 1000;

/**
 * The texts of the latest messages. Telegram tells of an edit also when a preview, a picture or something else of a message changed
 * (Bot API, Update: `edited_message`), and does not say what.
 */
export class LatestTexts {
  readonly #known = new Map<string, { readonly digest: string; readonly eventId: string }>();

  /** The events without edits that leave a text as it was, as far as is remembered. One that is told again gets the same answer. */
  changed(events: readonly PlatformEvent[]): readonly PlatformEvent[] {
    return events.filter((event) => !this.#isUnchanged(event));
  }

  #isUnchanged(event: PlatformEvent): boolean {
    if (event.type !== "message" && event.type !== "edit") return false;
    const { eventId, chat, messageId, text, type } = event;
    const name = `${chat.ref.chatId}:${messageId}`;
    const digest = hash("sha256", text);
    const known = this.#known.get(name);
    if (type === "edit" && known !== undefined && known.digest === digest) return known.eventId !== eventId;
    this.#known.delete(name);
    this.#known.set(name, { digest, eventId });
    const [oldest] = this.#known.keys();
    if (this.#known.size > memory && oldest !== undefined) this.#known.delete(oldest);
    return false;
  }
}
