import type { Logger } from "@hermes/core";
import type { Redact } from "../secrets.ts";

/** So many lines of one kind are logged for one process; what floods is told once. */
const mostLines = 200;
const maxLineLength = 500;

/** What a process said or did that goes into the log: a bounded number of short lines without secrets. */
export class Complaints {
  readonly #logger: Logger;
  readonly #redact: Redact;
  readonly #counts = { warn: 0, debug: 0 };

  constructor(logger: Logger, redact: Redact) {
    this.#logger = logger;
    this.#redact = redact;
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
    this.#counts[level] += 1;
    if (this.#counts[level] < mostLines) this.#logger[level](this.#redact(text, maxLineLength));
    else if (this.#counts[level] === mostLines) this.#logger[level]("There is more of this, which is not told");
  }
}
