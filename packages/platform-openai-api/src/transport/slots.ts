import { notNow } from "../api-error.ts";

/** Requests that are worked on at once. */
export class Slots {
  readonly #max: number;
  #taken = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Takes one; returns how to give it back, as often as one likes.
   *
   * @throws ApiError where all are taken.
   */
  take(): () => void {
    if (this.#taken >= this.#max)
      throw notNow(429, "too_many_requests", `${this.#max} requests are worked on already: try again later`, 1);
    this.#taken += 1;
    let isHeld = true;
    return () => {
      if (isHeld) this.#taken -= 1;
      isHeld = false;
    };
  }
}
