import { isPlatformError, type Logger } from "@hermes/core";

/** Something that is done beside listening. */
type Chore = (signal: AbortSignal) => Promise<void>;

/** What is done beside listening, one after another, and ends with it. Of chores under one name the latest is done. */
export class Chores {
  readonly #waiting = new Map<string, Chore>();
  readonly #stopping = new AbortController();
  readonly #logger: Logger;
  readonly #maxWaiting: number;
  #running: Promise<void> | undefined;

  /** @param maxWaiting More than these are not remembered: the oldest is left undone. */
  constructor(logger: Logger, maxWaiting: number) {
    this.#logger = logger;
    this.#maxWaiting = maxWaiting;
  }

  add(name: string, chore: Chore): void {
    if (this.#stopping.signal.aborted) return;
    this.#waiting.delete(name);
    this.#waiting.set(name, chore);
    const [oldest] = this.#waiting.keys();
    if (this.#waiting.size > this.#maxWaiting && oldest !== undefined) {
      this.#waiting.delete(oldest);
      this.#logger.debug("Too much is to be done beside listening; something is left undone");
    }
    this.#running ??= this.#run();
  }

  /** Nothing of it runs once this has come back. */
  async end(): Promise<void> {
    this.#waiting.clear();
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    for (let next = this.#next(); next !== undefined; next = this.#next()) {
      try {
        await next(this.#stopping.signal);
      } catch (error) {
        if (!this.#stopping.signal.aborted)
          this.#logger.debug(isPlatformError(error) ? error.message : `A chore failed: ${nameOf(error)}`);
      }
    }
    this.#running = undefined;
  }

  #next(): Chore | undefined {
    const [entry] = this.#waiting;
    if (entry === undefined) return undefined;
    this.#waiting.delete(entry[0]);
    return entry[1];
  }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : typeof error;
}
