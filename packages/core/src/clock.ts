/** Time as a dependency: tests pass one that stands still. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `callback` once `now()` has reached `atMs`; returns how to cancel it. Never keeps the process alive by itself. */
  wakeAt(atMs: number, callback: () => void): () => void;
}

/** Node takes a longer time for none at all. */
const longestTimerMs = 2 ** 31 - 1;

/** The machine's own clock. */
export const systemClock: Clock = {
  now: () => Date.now(),
  wakeAt(atMs, callback) {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      const leftMs = Math.max(0, atMs - Date.now());
      timer = leftMs > longestTimerMs ? setTimeout(wait, longestTimerMs) : setTimeout(callback, leftMs);
      timer.unref();
    };
    wait();
    return () => clearTimeout(timer);
  },
};
