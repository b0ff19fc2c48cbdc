import type { Clock, Failure } from "@hermes/core";
import type { AdmissionFacts, DeliveryFacts } from "./gateway-status.ts";
import type { Verdict } from "./store.ts";

const nothingCame: AdmissionFacts = { taken: 0, refused: 0 };
const nothingWent: DeliveryFacts = { sent: 0, failed: 0 };

/** Calls in a row that got no answer from their platform. */
export interface Unanswered {
  readonly count: number;
  readonly firstAtMs: number;
  readonly lastAtMs: number;
}

/** What came in and went out per platform since the gateway started, and when last: with the connection's state, what tells a living platform from a dead one. */
export class PlatformFacts {
  readonly #clock: Clock;
  readonly #admission = new Map<string, AdmissionFacts>();
  readonly #delivery = new Map<string, DeliveryFacts>();
  readonly #unanswered = new Map<string, Unanswered>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  admission(platform: string): AdmissionFacts {
    return this.#admission.get(platform) ?? nothingCame;
  }

  delivery(platform: string): DeliveryFacts {
    return this.#delivery.get(platform) ?? nothingWent;
  }

  /** Calls in a row, up to the last one, that got no answer since the platform was connected; undefined where there is none. */
  unanswered(platform: string): Unanswered | undefined {
    return this.#unanswered.get(platform);
  }

  /** When anything last came in, let in or not. */
  cameInAtMs(platform: string): number | undefined {
    const { takenAtMs, refusedAtMs } = this.admission(platform);
    return takenAtMs === undefined || refusedAtMs === undefined ? (takenAtMs ?? refusedAtMs) : Math.max(takenAtMs, refusedAtMs);
  }

  /** A fresh connection has answered no call, and left none unanswered. */
  connected(platform: string): void {
    this.#unanswered.delete(platform);
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
    // Ended by ourselves it says nothing; a refusal is an answer, too: somebody is there.
    if (failed === "aborted") return;
    if (failed !== "unavailable") this.#unanswered.delete(platform);
    else {
      const { count = 0, firstAtMs = nowMs } = this.#unanswered.get(platform) ?? {};
      this.#unanswered.set(platform, { count: count + 1, firstAtMs, lastAtMs: nowMs });
    }
  }
}
