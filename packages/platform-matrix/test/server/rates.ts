import { matrixError } from "./matrix-error.ts";
import { refuse } from "@hermes/testkit/server";

/** Synapse's limit of messages for an account: `rc_message: { per_second: 0.2, burst_count: 10 }`. */
const perSecond = 0.2;
const burst = 10;

/** Counts what accounts send, where it is switched on. */
export class Rates {
  isOn = false;
  /** How many calls were refused. */
  refused = 0;
  /** Accounts that may send as fast as they like. */
  readonly exempt = new Set<string>();
  readonly #allowance = new Map<string, { level: number; atMs: number }>();

  /** Throws what a homeserver answers to an account that sends too fast. */
  take(userId: string, nowMs: number): void {
    if (!this.isOn || this.exempt.has(userId)) return;
    const before = this.#allowance.get(userId) ?? { level: 0, atMs: nowMs };
    const level = Math.max(0, before.level - ((nowMs - before.atMs) / 1000) * perSecond);
    if (level + 1 > burst) {
      this.refused += 1;
      const retryAfterMs = Math.ceil(((level + 1 - burst) / perSecond) * 1000);
      const { reply } = matrixError(429, "M_LIMIT_EXCEEDED", "Too Many Requests", { retry_after_ms: retryAfterMs });
      throw refuse(429, reply.body, { "retry-after": String(Math.ceil(retryAfterMs / 1000)) });
    }
    this.#allowance.set(userId, { level: level + 1, atMs: nowMs });
  }

  /** The account has just sent all that it may. */
  exhaust(userId: string, nowMs: number): void {
    this.isOn = true;
    this.#allowance.set(userId, { level: burst, atMs: nowMs });
  }
}
