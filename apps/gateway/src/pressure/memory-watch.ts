import type { Clock, Logger } from "@hermes/core";
import type { MemoryShare } from "./memory-facts.ts";

const lookEveryMs = 1000;
/** Above this share nothing new is taken … */
const tooFull = 0.85;
/** … until it is below this one. */
const roomy = 0.75;
/** Collecting garbage stops everything else: no more than a tenth of the time goes into it. */
const collectEveryMs = 2000;
const pausePerCollection = 9;

export interface MemoryWatchParts {
  readonly read: () => readonly MemoryShare[];
  readonly collectGarbage: () => void;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Knows whether the process has memory for anything new. */
export interface MemoryWatch {
  /** Why nothing new should be taken, in a few words; undefined while there is room. */
  readonly reason: () => string | undefined;
  readonly stop: () => void;
}

/**
 * Looks at the memory every second. Much of what a heap holds is garbage that nobody has had a reason to collect: what counts is what is
 * left after that.
 */
export function watchMemory({ read, collectGarbage, clock, logger }: MemoryWatchParts): MemoryWatch {
  let reason: string | undefined;
  let collectAtMs = -Infinity;
  const fullest = (): MemoryShare => read().reduce((a, b) => (shareOf(b) > shareOf(a) ? b : a));
  const collect = (): void => {
    const startedAtMs = clock.now();
    collectGarbage();
    const endedAtMs = clock.now();
    collectAtMs = endedAtMs + Math.max(collectEveryMs, (endedAtMs - startedAtMs) * pausePerCollection);
  };
  const refuse = (full: MemoryShare): void => {
    reason = `the ${full.what} is nearly full`;
    logger.warn(`${describe(full)} is used. Nothing new is taken until there is room; what was taken goes on.`);
  };
  const takeAgain = (): void => {
    reason = undefined;
    logger.info("There is memory again: new messages are taken");
  };
  const look = (): void => {
    cancel = clock.wakeAt(clock.now() + lookEveryMs, look);
    const limit = reason === undefined ? tooFull : roomy;
    if (shareOf(fullest()) > limit) {
      if (clock.now() < collectAtMs) return;
      collect();
    }
    const full = fullest();
    const isAbove = shareOf(full) > limit;
    if (isAbove && reason === undefined) refuse(full);
    else if (!isAbove && reason !== undefined) takeAgain();
  };
  let cancel = clock.wakeAt(clock.now() + lookEveryMs, look);
  return { reason: () => reason, stop: () => cancel() };
}

function shareOf({ usedBytes, limitBytes }: MemoryShare): number {
  return usedBytes / limitBytes;
}

function describe({ what, usedBytes, limitBytes }: MemoryShare): string {
  const mb = (bytes: number): number => Math.round(bytes / 1e6);
  const which = what === "heap" ? "the heap (--max-old-space-size)" : "the memory this process may have";
  return `${mb(usedBytes)} of ${mb(limitBytes)} MB of ${which}`;
}
