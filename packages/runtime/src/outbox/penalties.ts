import type { ChatRef, Clock, Failure } from "@hermes/core";

/** Where the platform does not say how long. */
const unsaidMs = 1000;
/** So many chats of one bot limited at a time mean that it is the bot that is limited. */
const chatsOfLimitedBot = 3;
const maxPenalties = 10_000;

type RateLimit = Extract<Failure, { kind: "rate-limited" }>;

/** Until when no call is allowed, for one chat or a whole bot: what one answer was told holds for all of them. */
export class Penalties {
  readonly #clock: Clock;
  /** By bot, then by chat. */
  readonly #chats = new Map<string, Map<string, number>>();
  readonly #bots = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The moment from which on `chat` may be called, in milliseconds since the epoch; undefined = now. */
  untilMs({ platform, chatId }: ChatRef): number | undefined {
    if (this.#bots.size === 0 && this.#chats.size === 0) return undefined;
    const nowMs = this.#clock.now();
    const untilMs = Math.max(this.#bots.get(platform) ?? 0, this.#chats.get(platform)?.get(chatId) ?? 0);
    return untilMs > nowMs ? untilMs : undefined;
  }

  note({ platform, chatId }: ChatRef, { retryAfterMs = unsaidMs, scope }: RateLimit): void {
    const nowMs = this.#clock.now();
    const untilMs = nowMs + (Number.isFinite(retryAfterMs) ? Math.max(0, retryAfterMs) : unsaidMs);
    const chats = this.#current(platform, nowMs);
    chats.set(chatId, Math.max(chats.get(chatId) ?? 0, untilMs));
    if (chats.size > maxPenalties) chats.clear();
    if (scope === "bot" || chats.size >= chatsOfLimitedBot) this.#bots.set(platform, this.#botUntilMs(platform, chats, untilMs));
  }

  /** As long as the bot as a whole is limited: what was said of it, or the shortest of what was said of its chats. */
  #botUntilMs(platform: string, chats: ReadonlyMap<string, number>, untilMs: number): number {
    return Math.max(this.#bots.get(platform) ?? 0, Math.min(untilMs, ...chats.values()));
  }

  #current(platform: string, nowMs: number): Map<string, number> {
    const chats = this.#chats.get(platform) ?? new Map<string, number>();
    this.#chats.set(platform, chats);
    for (const [chatId, untilMs] of chats) if (untilMs <= nowMs) chats.delete(chatId);
    return chats;
  }
}
