import type { Clock } from "@hermes/core";

/** A clock that moves only when it is told to, so that a minute of streaming costs only what it computes. */
export class VirtualClock implements Clock {
  #nowMs = 1_700_000_000_000;
  readonly #alarms = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  now(): number {
    return this.#nowMs;
  }

  wakeAt(atMs: number, callback: () => void): () => void {
    const alarm = { atMs, callback };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  advance(durationMs: number): void {
    this.#nowMs += durationMs;
    for (const alarm of this.#alarms) {
      if (alarm.atMs > this.#nowMs) continue;
      this.#alarms.delete(alarm);
      alarm.callback();
    }
  }
}
