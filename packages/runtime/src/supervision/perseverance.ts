import type { Clock, Logger, PlatformError } from "@hermes/core";
import { retryDelayMs } from "./back-off.ts";
import { closedBreaker, stepBreaker, type BreakerInput, type BreakerRules, type BreakerState } from "./breaker.ts";
import { reasonOf } from "./platform-state.ts";
import type { TroubleDesk } from "./trouble-desk.ts";

/** What perseverance works with. */
export interface PerseveranceParts {
  readonly platform: { readonly id: string };
  readonly breaker: BreakerRules;
  readonly clock: Clock;
  readonly random: () => number;
  readonly logger: Logger;
  readonly troubles: TroubleDesk;
}

/**
 * When a platform may be tried again. What fails too often in a row is left alone by a breaker. It is not remembered over a restart:
 * whoever restarts a gateway may have mended what was broken, and one round of back-off tells if not.
 */
export class Perseverance {
  readonly #parts: PerseveranceParts;
  #breaker: BreakerState = closedBreaker;
  #reason = "";
  #tries = 0;

  constructor(parts: PerseveranceParts) {
    this.#parts = parts;
  }

  get breaker(): BreakerState {
    return this.#breaker;
  }

  /** Why it failed last. */
  get reason(): string {
    return this.#reason;
  }

  /** Attempts since the platform was last there and lasted. */
  get tries(): number {
    return this.#tries;
  }

  /** It is not there. `counts`: that is a failure. Answers when it is to be tried again; undefined where the breaker decides. */
  failed(error: PlatformError, counts: boolean): number | undefined {
    const { clock, random, platform, logger } = this.#parts;
    this.#reason = reasonOf(error);
    this.#tries += 1;
    const delayMs = retryDelayMs(error.failure, this.#tries, random());
    const retryAtMs = clock.now() + delayMs;
    if (error.failure.kind === "rate-limited") this.#step({ type: "deferred", untilMs: retryAtMs });
    else if (counts) this.#step({ type: "failed" });
    const isOff = this.#breaker.phase === "open";
    const next = isOff ? this.#leftAlone() : `Trying again in ${Math.round(delayMs / 100) / 10} s`;
    logger[isOff ? "error" : "warn"](`[${platform.id}] ${this.#reason}. ${next}.`);
    return isOff ? undefined : retryAtMs;
  }

  /** Only a person can mend it. */
  stopped(error: PlatformError): void {
    const { platform, logger, troubles } = this.#parts;
    this.#reason = reasonOf(error);
    logger.error(`[${platform.id}] ${this.#reason}. It stays off until the configuration is mended and the gateway restarted.`);
    troubles.off(platform.id, { kind: "failed", reason: this.#reason });
  }

  /** It is there, and lasts. */
  steady(): void {
    const { platform, logger, troubles } = this.#parts;
    this.#tries = 0;
    if (this.#step({ type: "steady" }) === "closed") logger.info(`[${platform.id}] It is back, and has lasted for a while`);
    troubles.back(platform.id);
  }

  /** The time of the next probe may have come. */
  due(): void {
    this.#step({ type: "due" });
  }

  /** Somebody wants it tried now. */
  resumed(): void {
    this.#tries = 0;
    this.#step({ type: "resumed" });
  }

  #step(input: BreakerInput): "opened" | "closed" | undefined {
    const { platform, clock, breaker, troubles } = this.#parts;
    const { state, change } = stepBreaker(this.#breaker, input, clock.now(), breaker);
    this.#breaker = state;
    if (change === "opened" && state.phase === "open")
      troubles.off(platform.id, { kind: "tripped", reason: this.#reason, failures: state.failures, probeAtMs: state.probeAtMs });
    return change;
  }

  #leftAlone(): string {
    const { clock } = this.#parts;
    if (this.#breaker.phase !== "open") return "";
    const { failures, probeAtMs } = this.#breaker;
    const until =
      probeAtMs === undefined ? "until somebody resumes it" : `for ${Math.ceil((probeAtMs - clock.now()) / 60_000)} min`;
    return `After ${failures} failures in a row it is left alone ${until}`;
  }
}
