/** Time as a dependency: tests pass one that stands still. */
export interface Clock {
  /** Milliseconds since the epoch, whole. Never less than it said before. */
  now(): number;
  /** Runs `callback` once `now()` has reached `atMs`; returns how to cancel it. Never keeps the process alive by itself. */
  wakeAt(atMs: number, callback: () => void): () => void;
}

/** What a steady clock is made of. */
export interface ClockSources {
  /** Milliseconds since the epoch, as the machine believes: people and time servers may set it, either way. */
  readonly wallMs: () => number;
  /** Milliseconds since any moment; they only ever pass. */
  readonly monotonicMs: () => number;
}

/** Node takes a longer time for none at all. */
const longestTimerMs = 2 ** 31 - 1;
/** How fast time passes while the machine's clock, set back, is behind. */
const catchUpRate = 0.9;

/**
 * A clock that goes on whatever is done to the machine's. Set forward, or woken from sleep, it follows at once. Set back, it never goes
 * back: its time passes a tenth more slowly until the machine's has caught up with it, so that nothing that was due in a minute is
 * due in an hour. Its timers measure time that passes: setting the machine's clock neither fires them early nor holds them up, but for
 * that tenth.
 */
export function createSteadyClock({ wallMs, monotonicMs }: ClockSources): Clock {
  let last: { readonly atMs: number; readonly monotonicMs: number } | undefined;
  const now = (): number => {
    const monotonic = monotonicMs();
    const passedMs = last === undefined ? 0 : Math.max(0, monotonic - last.monotonicMs);
    const slowest = last === undefined ? -Infinity : last.atMs + passedMs * catchUpRate;
    last = { atMs: Math.max(wallMs(), slowest), monotonicMs: monotonic };
    return Math.floor(last.atMs);
  };
  const wakeAt = (atMs: number, callback: () => void): (() => void) => {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      timer = setTimeout(look, Math.min(Math.max(0, leftMs), longestTimerMs));
      timer.unref();
    };
    function look(): void {
      const leftMs = atMs - now();
      if (leftMs > 0) wait(leftMs);
      else callback();
    }
    wait(atMs - now());
    return () => clearTimeout(timer);
  };
  return { now, wakeAt };
}

/** The machine's own clock, steadied. */
export const systemClock: Clock = createSteadyClock({ wallMs: () => Date.now(), monotonicMs: () => performance.now() });
