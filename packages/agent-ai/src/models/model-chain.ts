/** The models that may answer a turn, the one that does first. Who failed is not asked again in the same turn. */
export class ModelChain {
  readonly #models: readonly string[];
  #at = 0;

  constructor(models: readonly [string, ...string[]]) {
    this.#models = [...new Set(models)];
  }

  /** The one that is asked. */
  get current(): string {
    return this.#models[this.#at] ?? "";
  }

  /** Goes on to the next that `canAnswer`; false, and nothing changes, where there is none. */
  advance(canAnswer: (model: string) => boolean): boolean {
    const next = this.#models.findIndex((model, index) => index > this.#at && canAnswer(model));
    if (next < 0) return false;
    this.#at = next;
    return true;
  }
}
