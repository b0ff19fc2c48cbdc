import type { Clock, Failure } from "@hermes/core";
import type { AdmissionFacts, DeliveryFacts } from "./options.ts";
import type { Verdict } from "./store.ts";

const nothingCame: AdmissionFacts = { taken: 0, refused: 0 };
const nothingWent: DeliveryFacts = { sent: 0, failed: 0 };

/** What came in and went out per platform since the gateway started, and when last: with the connection's state, what tells a living platform from a dead one. */
export class PlatformFacts {
  readonly #clock: Clock;
  readonly #admission = new Map<string, AdmissionFacts>();
  readonly #delivery = new Map<string, DeliveryFacts>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  admission(platform: string): AdmissionFacts {
    return this.#admission.get(platform) ?? nothingCame;
  }

  delivery(platform: string): DeliveryFacts {
    return this.#delivery.get(platform) ?? nothingWent;
  }

  admitted(platform: string, verdict: Verdict): void {
    const facts = this.admission(platform);
    const nowMs = this.#clock.now();
    const next: AdmissionFacts =
      verdict === "refuse"
        ? { ...facts, refused: facts.refused + 1, refusedAtMs: nowMs }
        : { ...facts, taken: facts.taken + 1, takenAtMs: nowMs };
    this.#admission.set(platform, next);
  }

  called(platform: string, failure: Failure["kind"] | undefined): void {
    // It stands there: what was wanted is so.
    const failed = failure === "not-modified" ? undefined : failure;
    const facts = this.delivery(platform);
    const nowMs = this.#clock.now();
    const next: DeliveryFacts =
      failed === undefined
        ? { ...facts, sent: facts.sent + 1, sentAtMs: nowMs }
        : { ...facts, failed: facts.failed + 1, failedAtMs: nowMs, failure: failed };
    this.#delivery.set(platform, next);
  }
}
