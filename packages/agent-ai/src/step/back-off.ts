/** Tries of one model for one step; each repeats all of the prompt. */
export const maxTries = 3;
const firstWaitMs = 1000;
const longestWaitMs = 60_000;

/**
 * How long to wait before the next try, or undefined where waiting makes no sense: the model asks for more patience than anybody has.
 * `random` from 0 to 1 keeps many turns from trying again at the same moment.
 */
export function waitBefore(tries: number, retryAfterMs: number | undefined, random: () => number): number | undefined {
  if (tries >= maxTries) return undefined;
  if (retryAfterMs !== undefined) return retryAfterMs > longestWaitMs ? undefined : retryAfterMs;
  return Math.round(firstWaitMs * 2 ** (tries - 1) * (1 + random() / 2));
}
