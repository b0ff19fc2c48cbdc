import type { Logger, SessionKey } from "@hermes/core";

/** Tells listeners in which conversation something was said or changed. */
export class Activity {
  readonly #listeners = new Set<(sessionKey: SessionKey) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  /** Answers how to hear no more of it. */
  watch(listener: (sessionKey: SessionKey) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  note(sessionKey: SessionKey): void {
    for (const listener of this.#listeners) {
      try {
        listener(sessionKey);
      } catch (error) {
        this.#logger.error(`A listener to conversations failed: ${String(error)}`);
      }
    }
  }
}
