import type { Clock, Logger } from "@hermes/core";
import type { Redact } from "../secrets.ts";

/** So many lines of one kind are logged of one process in ten minutes; that there are more is told once. */
const mostLines = 200;
const windowMs = 600_000;
const maxLineLength = 500;

/** What a process said or did that goes into the log: a bounded number of short lines without secrets. */
export class Complaints {
  readonly #logger: Logger;
  readonly #redact: Redact;
  readonly #clock: Clock;
  #sinceMs: number;
  #counts = { warn: 0, debug: 0 };

  constructor(logger: Logger, redact: Redact, clock: Clock) {
    this.#logger = logger;
    this.#redact = redact;
    this.#clock = clock;
    this.#sinceMs = clock.now();
  }

  /** Something that should not be. */
  warn(text: string): void {
    this.#tell("warn", text);
  }

  /** Something that helps whoever looks for a fault. */
  debug(text: string): void {
    this.#tell("debug", text);
  }

  #tell(level: "warn" | "debug", text: string): void {
    const nowMs = this.#clock.now();
    if (nowMs - this.#sinceMs >= windowMs) {
      this.#sinceMs = nowMs;
      this.#counts = { warn: 0, debug: 0 };
    }
    this.#counts[level] += 1;
    if (this.#counts[level] < mostLines) this.#logger[level](this.#redact(text, maxLineLength));
    else if (this.#counts[level] === mostLines) this.#logger[level]("There is more of this, which is not told for a while");
  }
}
