/** A shorter repetition is a coincidence. */
const leastRepeated = 12;

/**
 * Keeps a model that goes on with an answer that was cut off from saying its beginning again: as long as what comes is what was said
 * already, it is held back.
 */
export class RepeatedStart {
  readonly #said: string;
  #held = "";
  #isOver: boolean;

  /** `said`: the answer up to where it was cut off. */
  constructor(said: string) {
    this.#said = said.trimStart();
    this.#isOver = this.#said.length < leastRepeated;
  }

  /** What of this piece is new. */
  take(piece: string): string {
    if (this.#isOver) return piece;
    this.#held += piece;
    const held = this.#held.trimStart();
    if (this.#said.startsWith(held)) return "";
    this.#isOver = true;
    return held.startsWith(this.#said) ? held.slice(this.#said.length) : this.#held;
  }

  /** What is still held back when the model has ended: nothing, where it only repeated itself. */
  end(): string {
    const held = this.#isOver ? "" : this.#held;
    this.#isOver = true;
    return held.trimStart().length >= leastRepeated ? "" : held;
  }
}
