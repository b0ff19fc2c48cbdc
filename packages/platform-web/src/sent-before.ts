import type { Sent } from "@hermes/core";

const maxRemembered = 10_000;

/** What was told under which key, so that a repetition is not told twice. */
export class SentBefore {
  /** The oldest first. */
  readonly #sent = new Map<string, Sent>();

  find(idempotencyKey: string): Sent | undefined {
    return this.#sent.get(idempotencyKey);
  }

  /** Gives back `sent`. */
  note(idempotencyKey: string, sent: Sent): Sent {
    this.#sent.set(idempotencyKey, sent);
    if (this.#sent.size > maxRemembered) {
      const [oldest] = this.#sent.keys();
      if (oldest !== undefined) this.#sent.delete(oldest);
    }
    return sent;
  }
}
