import type { ProgressEvent } from "@hermes/core";

/** Tells what an agent does besides speaking, in its order with what it says. */
export class ProgressQueue {
  readonly #isCaughtUp: () => boolean;
  readonly #tell: (event: ProgressEvent) => void;
  readonly #waiting: ProgressEvent[] = [];

  /** `isCaughtUp`: everything that was said and is complete stands there. */
  constructor(isCaughtUp: () => boolean, tell: (event: ProgressEvent) => void) {
    this.#isCaughtUp = isCaughtUp;
    this.#tell = tell;
  }

  add(event: ProgressEvent): void {
    this.#waiting.push(event);
    this.look();
  }

  /** Something more stands there now. */
  look(): void {
    while (this.#waiting.length > 0 && this.#isCaughtUp()) {
      const event = this.#waiting.shift();
      if (event !== undefined) this.#tell(event);
    }
  }
}
