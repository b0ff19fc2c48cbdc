import { isPlatformError, pause, PlatformError, type Clock } from "@hermes/core";

export interface ReactionsParts {
  readonly platform: string;
  readonly clock: Clock;
  /** Once it is aborted nobody waits any more. */
  readonly over: AbortSignal;
}

/** How many may wait for their turn in one channel: at four a second, the last waits for some seconds. */
const maxWaiting = 20;
/** How often one is tried, and the longest wait for the next try. */
const maxTries = 5;
const longestPauseMs = 2000;

/**
 * Reactions of one channel, one after the other: Discord takes one in a quarter of a second ("1 per 250 ms", discord-api-docs#182), which
 * two questions at a time are too many for, so what it puts off is waited for here.
 */
export class Reactions {
  readonly #parts: ReactionsParts;
  readonly #lines = new Map<string, { last: Promise<void>; waiting: number }>();

  constructor(parts: ReactionsParts) {
    this.#parts = parts;
  }

  /** @throws what `call` throws; PlatformError `rate-limited` where too many wait already. */
  async inTurn(channelId: string, call: () => Promise<void>): Promise<void> {
    const { platform } = this.#parts;
    const line = this.#lines.get(channelId) ?? { last: Promise.resolve(), waiting: 0 };
    if (line.waiting >= maxWaiting) {
      const failure = { kind: "rate-limited", retryAfterMs: maxWaiting * 250 } as const;
      throw new PlatformError({ platform, failure, message: "Cannot react: too many reactions wait there", maybeDone: false });
    }
    this.#lines.set(channelId, line);
    line.waiting += 1;
    const turn = line.last.then(() => this.#patiently(call));
    // Whoever comes next does not care what became of this one.
    line.last = turn.catch(() => undefined);
    try {
      await turn;
    } finally {
      line.waiting -= 1;
      if (line.waiting === 0) this.#lines.delete(channelId);
    }
  }

  async #patiently(call: () => Promise<void>): Promise<void> {
    const { clock, over } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      try {
        return await call();
      } catch (error) {
        const waitMs = tries < maxTries ? waitOf(error) : undefined;
        if (waitMs === undefined || over.aborted) throw error;
        await pause(waitMs, clock, over);
      }
    }
  }
}

/** How long Discord wants to be left alone with it; undefined for what is not waited for. */
function waitOf(error: unknown): number | undefined {
  if (!isPlatformError(error) || error.failure.kind !== "rate-limited") return undefined;
  const { retryAfterMs = 250 } = error.failure;
  return retryAfterMs <= longestPauseMs ? Math.max(1, retryAfterMs) : undefined;
}
