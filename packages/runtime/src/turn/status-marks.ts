import { isPlatformError, type AnswerEnding, type Clock, type Logger, type MessageRef, type Origin } from "@hermes/core";
import type { Connections } from "../connections.ts";
import { pauseUntil, settledWithin, timeLimited } from "../pause.ts";

/** Emoji that say on a message itself how far it is. */
export interface StatusMarkEmoji {
  readonly working: string;
  readonly done: string;
  readonly failed: string;
}

export const statusMarkEmoji: StatusMarkEmoji = { working: "👀", done: "✅", failed: "❌" };

/** What marks are put with. */
export interface StatusMarksParts {
  /** Ids of the platforms on which messages are marked. */
  readonly platforms: ReadonlySet<string>;
  readonly connections: Connections;
  readonly clock: Clock;
  readonly logger: Logger;
}

const callMs = 10_000;
/** A mark is not worth more than this. */
const maxTries = 3;
const longestPauseMs = 60_000;
/** Answers in the making, and those whose marks wait for a platform's patience. */
const maxMarked = 1000;

/** Marks what somebody asked: seen, done, failed. What a mark meets with is noted and never concerns the answer. */
export class StatusMarks {
  readonly #parts: StatusMarksParts;
  /** The latest call about each message that is marked as being worked on: the next comes behind it. */
  readonly #marked = new Map<string, Promise<void>>();

  constructor(parts: StatusMarksParts) {
    this.#parts = parts;
  }

  /** Somebody is at work on it. */
  begin({ message, lifetime }: Origin): void {
    if (message === undefined || lifetime === "request" || !this.#isMarkedOn(message)) return;
    const key = keyOf(message);
    if (this.#marked.has(key)) return;
    this.#marked.set(key, this.#react(message, statusMarkEmoji.working, true));
    const [oldest] = this.#marked.keys();
    if (this.#marked.size > maxMarked && oldest !== undefined) this.#marked.delete(oldest);
  }

  /** An earlier process was at work on it: its mark stands there. */
  recall({ message, lifetime }: Origin): void {
    if (message === undefined || lifetime === "request" || !this.#isMarkedOn(message)) return;
    if (this.#marked.size < maxMarked) this.#marked.set(keyOf(message), Promise.resolve());
  }

  /** Of what was never begun, such as a command, nothing is marked. */
  end({ message }: Origin, ending: AnswerEnding): void {
    if (message === undefined || this.#marked.size === 0) return;
    const before = this.#marked.get(keyOf(message));
    if (before === undefined) return;
    this.#marked.delete(keyOf(message));
    void this.#replace(message, before, ending);
  }

  #isMarkedOn({ platform }: MessageRef): boolean {
    return this.#parts.platforms.has(platform);
  }

  async #replace(message: MessageRef, before: Promise<void>, ending: AnswerEnding): Promise<void> {
    await before;
    await this.#react(message, statusMarkEmoji.working, false);
    if (ending === "finished") await this.#react(message, statusMarkEmoji.done, true);
    if (ending === "failed") await this.#react(message, statusMarkEmoji.failed, true);
  }

  async #react(message: MessageRef, emoji: string, present: boolean): Promise<void> {
    const { clock, logger } = this.#parts;
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#call(message, emoji, present);
      if (failure === undefined) return;
      const pauseMs = attempt < maxTries ? pauseAfter(failure) : undefined;
      if (pauseMs === undefined) {
        logger.debug(`[${message.platform}] A message could not be marked: ${nameOf(failure)}`);
        return;
      }
      await pauseUntil(clock.now() + pauseMs, clock, never);
    }
  }

  /** Undefined where it went well, or where there is nobody to do it. */
  async #call(message: MessageRef, emoji: string, present: boolean): Promise<unknown> {
    const { connections, clock } = this.#parts;
    const call = async (): Promise<unknown> => {
      try {
        await connections.get(message.platform)?.react?.(message, emoji, present);
        return undefined;
      } catch (error) {
        return error ?? new Error("It failed without saying why");
      }
    };
    return settledWithin<unknown>(call(), new Error("No answer in time"), timeLimited(never, callMs, clock));
  }
}

const never = new AbortController().signal;

/** How long to wait before it is tried once more; undefined where that helps nobody. */
function pauseAfter(error: unknown): number | undefined {
  if (!isPlatformError(error) || error.failure.kind !== "rate-limited") return undefined;
  const { retryAfterMs = 1000 } = error.failure;
  return retryAfterMs <= longestPauseMs ? Math.max(0, retryAfterMs) : undefined;
}

function nameOf(error: unknown): string {
  if (isPlatformError(error)) return error.failure.kind;
  return error instanceof Error ? error.message : typeof error;
}

function keyOf({ platform, chatId, messageId }: MessageRef): string {
  return JSON.stringify([platform, chatId, messageId]);
}
