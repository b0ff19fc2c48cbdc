import type { Origin } from "../address.ts";
import type { Clock } from "../clock.ts";
import { toPlatformError } from "../platform-error.ts";

/** Counts what was sent by virtue of a reply grant, and leaves it out once it is used up or expired. */
export class GrantUses {
  readonly #origin: Origin | undefined;
  readonly #clock: Clock;
  #used = 0;

  constructor(origin: Origin | undefined, clock: Clock) {
    this.#origin = origin;
    this.#clock = clock;
  }

  /** The origin for the next call, with its grant while that is good. */
  origin(): Origin | undefined {
    if (this.#origin?.grant === undefined || this.#isGood()) return this.#origin;
    const { grant: _grant, ...origin } = this.#origin;
    return origin;
  }

  /** Runs a send; it counts if it happened or may have happened. */
  async spend<T>(send: () => Promise<T>): Promise<T> {
    const isSpent = this.#isGood();
    try {
      const sent = await send();
      if (isSpent) this.#used += 1;
      return sent;
    } catch (thrown) {
      if (isSpent && toPlatformError(thrown, "").maybeDone) this.#used += 1;
      throw thrown;
    }
  }

  #isGood(): boolean {
    const grant = this.#origin?.grant;
    if (grant === undefined) return false;
    const isExpired = grant.expiresAt !== undefined && Date.parse(grant.expiresAt) <= this.#clock.now();
    return !isExpired && this.#used < (grant.uses ?? Number.POSITIVE_INFINITY);
  }
}
