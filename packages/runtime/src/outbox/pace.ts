import type { CallLimit, ChatRef, Clock, SendPace } from "@hermes/core";

/** What only shows progress leaves this share of a limit to what is final. */
const interimShare = 0.7;
const maxChats = 10_000;

/** Keeps calls within what a platform says it takes: more are put off before they are made, instead of being refused there. */
export class Pace {
  readonly #clock: Clock;
  /** When the last calls were made, oldest first; by bot, and by chat. */
  readonly #calls = new Map<string, number[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The moment from which on a call may be made, in milliseconds since the epoch; undefined = now. `isInterim`: more of it follows. */
  untilMs(ref: ChatRef, pace: false | SendPace, isInterim: boolean): number | undefined {
    if (pace === false) return undefined;
    const waits = [this.#until(ref.platform, pace.overall, isInterim), this.#until(chatKey(ref), pace.perChat, isInterim)];
    const untilMs = Math.max(...waits.map((wait) => wait ?? 0));
    return untilMs > this.#clock.now() ? untilMs : undefined;
  }

  /** A call is made. */
  note(ref: ChatRef, pace: false | SendPace): void {
    if (pace === false) return;
    this.#note(ref.platform, pace.overall);
    this.#note(chatKey(ref), pace.perChat);
    if (this.#calls.size > maxChats) this.#forget(Math.max(pace.overall?.perMs ?? 0, pace.perChat?.perMs ?? 0));
  }

  #until(key: string, limit: CallLimit | undefined, isInterim: boolean): number | undefined {
    if (limit === undefined) return undefined;
    const calls = this.#calls.get(key) ?? [];
    const most = isInterim ? Math.max(1, Math.floor(limit.calls * interimShare)) : limit.calls;
    // With that one out of the window there is room again.
    const blocking = calls.at(-most);
    return blocking === undefined ? undefined : blocking + limit.perMs;
  }

  #note(key: string, limit: CallLimit | undefined): void {
    if (limit === undefined) return;
    const calls = this.#calls.get(key) ?? [];
    calls.push(this.#clock.now());
    if (calls.length > limit.calls) calls.shift();
    this.#calls.set(key, calls);
  }

  #forget(olderMs: number): void {
    const sinceMs = this.#clock.now() - olderMs;
    for (const [key, calls] of this.#calls) if ((calls.at(-1) ?? 0) <= sinceMs) this.#calls.delete(key);
  }
}

function chatKey({ platform, chatId }: ChatRef): string {
  return `${platform}\n${chatId}`;
}
