import type { Clock, PlatformEvent } from "@hermes/core";

/** "up to 5 times within 30 minutes" (Handling user interaction, response_url); a little less, so that it is not late. */
const goodForMs = 29 * 60_000;
const maxUses = 5;
/** More people do not ask at a time; the oldest goes. */
const maxKept = 500;

interface Kept {
  readonly address: string;
  readonly untilMs: number;
  uses: number;
}

/**
 * Where slash commands may be answered: they work in conversations that the bot is not in and cannot write to. Known as long as the
 * process lives, and to nobody else: whoever has such an address may write there.
 */
export class ResponseAddresses {
  readonly #clock: Clock;
  readonly #kept = new Map<string, Kept>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  note(event: PlatformEvent): void {
    if (event.type !== "command") return;
    const { responseUrl } = (event.interaction ?? {}) as { readonly responseUrl?: unknown };
    if (typeof responseUrl !== "string") return;
    const key = keyOf(event.chat.ref.chatId, event.origin.author.id);
    this.#kept.delete(key);
    this.#kept.set(key, { address: responseUrl, untilMs: this.#clock.now() + goodForMs, uses: 0 });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > maxKept && oldest !== undefined) this.#kept.delete(oldest);
  }

  /** The address at which this person may be answered in this chat, once more; undefined: there is none (any more). */
  take(chatId: string, userId: string): string | undefined {
    const kept = this.#kept.get(keyOf(chatId, userId));
    if (kept === undefined || kept.uses >= maxUses || this.#clock.now() > kept.untilMs) return undefined;
    kept.uses += 1;
    return kept.address;
  }
}

function keyOf(chatId: string, userId: string): string {
  return `${chatId} ${userId}`;
}
