/** How much somebody may still ask for: so much a minute, at most a minute's worth at once. */
export class Allowance {
  readonly #perMinute: number;
  #left: number;
  #atMs: number;

  constructor(perMinute: number, nowMs: number) {
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#atMs = nowMs;
  }

  /** Takes `count`, if that much is there; more than a minute's worth is as much as a minute's worth. */
  take(count: number, nowMs: number): boolean {
    this.#left = Math.min(this.#perMinute, this.#left + ((nowMs - this.#atMs) * this.#perMinute) / 60_000);
    this.#atMs = nowMs;
    const wanted = Math.min(count, this.#perMinute);
    if (this.#left < wanted) return false;
    this.#left -= wanted;
    return true;
  }

  /** How long until `count` is there, after it was refused. */
  waitMs(count: number): number {
    const wanted = Math.min(count, this.#perMinute);
    return Math.ceil(((wanted - this.#left) * 60_000) / this.#perMinute);
  }
}
