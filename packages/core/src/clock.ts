/** Time as a dependency: tests pass one that stands still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `callback` once `now()` has reached `atMs`; returns how to cancel it. Never keeps the process alive by itself. */
  wakeAt(atMs: number, callback: () => void): () => void;
}

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(atMs, callback) {
    const timer = setTimeout(callback, Math.max(0, atMs - Date.now()));
    timer.unref();
    return () => clearTimeout(timer);
  },
};
