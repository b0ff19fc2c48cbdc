import type { CallLimit, ChatRef, Clock, SendPace } from "@hermes/core";

/** What only shows progress leaves this share of a limit to what is final. */
const interimShare = 0.7;
const maxChats = 10_000;

/** A call that was made, or is about to be. */
interface Call {
  atMs: number;
}

/** Keeps calls within what a platform says it takes: more are put off before they are made, instead of being refused there. */
export class Pace {
  readonly #clock: Clock;
  /** The last calls, by bot and by chat. */
  readonly #calls = new Map<string, Call[]>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * The moment from which on a call may be made, in milliseconds since the epoch; undefined = now. `isInterim`: more of it follows.
   * `messages`: so many at once, as an album has.
   */
  untilMs(ref: ChatRef, pace: false | SendPace, isInterim: boolean, messages = 1): number | undefined {
    if (pace === false) return undefined;
    const wish = { isInterim, messages };
    const waits = [this.#until(ref.platform, pace.overall, wish), this.#until(chatKey(ref), pace.perChat, wish)];
    const untilMs = Math.max(...waits.map((wait) => wait ?? 0));
    return untilMs > this.#clock.now() ? untilMs : undefined;
  }

  /**
   * A call is about to be made: it counts from now on, so that nobody else takes its room. What is answered is to be told when the call has
   * ended: somewhere on the way to then the platform has seen it, so only then its time begins to pass for certain.
   */
  take(ref: ChatRef, pace: false | SendPace, messages = 1): () => void {
    if (pace === false) return () => undefined;
    const call = { atMs: this.#clock.now() };
    for (let message = 0; message < messages; message += 1) {
      this.#note(ref.platform, pace.overall, call);
      this.#note(chatKey(ref), pace.perChat, call);
    }
    if (this.#calls.size > maxChats) this.#forget(Math.max(pace.overall?.perMs ?? 0, pace.perChat?.perMs ?? 0));
    return () => void (call.atMs = this.#clock.now());
  }

  #until(
    key: string,
    limit: CallLimit | undefined,
    { isInterim, messages }: { readonly isInterim: boolean; readonly messages: number },
  ): number | undefined {
    if (limit === undefined) return undefined;
    const calls = (this.#calls.get(key) ?? []).sort(byTime);
    const most = isInterim ? Math.max(1, Math.floor(limit.calls * interimShare)) : limit.calls;
    // With that one out of the window there is room again.
    const blocking = calls.at(-Math.max(1, most - messages + 1));
    return blocking === undefined ? undefined : blocking.atMs + limit.perMs;
  }

  #note(key: string, limit: CallLimit | undefined, call: Call): void {
    if (limit === undefined) return;
    const calls = this.#calls.get(key) ?? [];
    calls.push(call);
    calls.sort(byTime);
    if (calls.length > limit.calls) calls.shift();
    this.#calls.set(key, calls);
  }

  #forget(olderMs: number): void {
    const sinceMs = this.#clock.now() - olderMs;
    for (const [key, calls] of this.#calls) if (calls.every(({ atMs }) => atMs <= sinceMs)) this.#calls.delete(key);
  }
}

function byTime(a: Call, b: Call): number {
  return a.atMs - b.atMs;
}

function chatKey({ platform, chatId }: ChatRef): string {
  return `${platform}\n${chatId}`;
}
