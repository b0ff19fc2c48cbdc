import type { ProgressEvent } from "@hermes/core";

/** What an agent does while what it said before waits for hours is told of only so far: the newest. */
const maxWaiting = 1000;

/** Tells what an agent does besides speaking, in its order with what it says. */
export class ProgressQueue {
  readonly #saidSoFar: () => number;
  readonly #standsThere: (count: number) => boolean;
  readonly #tell: (event: ProgressEvent) => void;
  readonly #waiting: { readonly event: ProgressEvent; readonly behind: number }[] = [];

  /** `saidSoFar` counts the parts there are; `standsThere`: so many of them, as far as they are complete, are shown or given up. */
  constructor(saidSoFar: () => number, standsThere: (count: number) => boolean, tell: (event: ProgressEvent) => void) {
    this.#saidSoFar = saidSoFar;
    this.#standsThere = standsThere;
    this.#tell = tell;
  }

  add(event: ProgressEvent): void {
    this.#waiting.push({ event, behind: this.#saidSoFar() });
    this.look();
    if (this.#waiting.length > maxWaiting) this.#waiting.shift();
  }

  /** Something more stands there now. */
  look(): void {
    for (let [first] = this.#waiting; first !== undefined && this.#standsThere(first.behind); [first] = this.#waiting) {
      this.#waiting.shift();
      this.#tell(first.event);
    }
  }
}
