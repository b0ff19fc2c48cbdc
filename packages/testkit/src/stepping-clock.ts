import type { Clock } from "@hermes/core";

/** A clock that stands still until it is told to go on, one wake-up at a time: for loops that wait, and for how long they do. */
export class SteppingClock implements Clock {
  #nowMs: number;
  readonly #wakes = new Map<() => void, number>();
  #onWait: () => void = () => undefined;

  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = startMs;
  }

  now(): number {
    return this.#nowMs;
  }

  wakeAt(atMs: number, callback: () => void): () => void {
    this.#wakes.set(callback, atMs);
    this.#onWait();
    return () => void this.#wakes.delete(callback);
  }

  /** How long those who wait still wait, in milliseconds. */
  get waits(): readonly number[] {
    return [...this.#wakes.values()].map((atMs) => atMs - this.#nowMs);
  }

  get pending(): number {
    return this.#wakes.size;
  }

  /** Time passes, and nobody is woken. */
  pass(durationMs: number): void {
    this.#nowMs += durationMs;
  }

  /** Resolves once somebody waits: for how long the first of them does. */
  async waiting(): Promise<number> {
    if (this.#wakes.size === 0) await new Promise<void>((resolve) => (this.#onWait = resolve));
    return this.waits[0] ?? 0;
  }

  /** Lets whoever waits next go on, at its time; resolves with how long it waited, in milliseconds. */
  async skip(): Promise<number> {
    await this.waiting();
    const atMs = Math.min(...this.#wakes.values());
    const waitedMs = atMs - this.#nowMs;
    this.#nowMs = Math.max(this.#nowMs, atMs);
    for (const [callback, dueMs] of this.#wakes) {
      if (dueMs > this.#nowMs) continue;
      this.#wakes.delete(callback);
      callback();
    }
    return waitedMs;
  }
}
