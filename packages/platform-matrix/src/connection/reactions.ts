import { randomUUID } from "node:crypto";
import type { Api } from "../api.ts";
import { refusalCode } from "../api/failure.ts";
import { BoundedMap } from "@hermes/core";
import { reactionContent } from "../encode/content.ts";

/** How many of the bot's own reactions are remembered; others are asked for. */
const memory = 1000;

/** The bot's reactions: each is an event, and taken back by its id. */
export class OwnReactions {
  readonly #api: Pick<Api, "sendEvent" | "findReactions" | "redact">;
  readonly #events = new BoundedMap<string>(memory);

  constructor(api: Pick<Api, "sendEvent" | "findReactions" | "redact">) {
    this.#api = api;
  }

  async put(roomId: string, eventId: string, emoji: string): Promise<void> {
    const key = fullEmoji(emoji);
    const place = { roomId, type: "m.reaction", transactionId: randomUUID() } as const;
    try {
      this.#events.set(`${eventId} ${key}`, await this.#api.sendEvent(place, reactionContent(eventId, key)));
    } catch (error) {
      if (refusalCode(error) !== "M_DUPLICATE_ANNOTATION") throw error;
    }
  }

  async takeBack(roomId: string, eventId: string, emoji: string): Promise<void> {
    const key = fullEmoji(emoji);
    const known = this.#events.get(`${eventId} ${key}`);
    const found = known === undefined ? await this.#api.findReactions(roomId, eventId, key) : [known];
    for (const reaction of found) await this.#api.redact(roomId, reaction, randomUUID());
    this.#events.delete(`${eventId} ${key}`);
  }
}

/**
 * The emoji as clients send it: one that is shown as a letter by itself gets the sign that asks for a picture, so that the bot's and people's
 * count as the same ("fully-qualified", m.reaction).
 */
export function fullEmoji(emoji: string): string {
  return /^\p{Emoji}$/u.test(emoji) && !/^\p{Emoji_Presentation}$/u.test(emoji) ? `${emoji}\uFE0F` : emoji;
}
