import type { Clock } from "@hermes/core";

const maxTries = 3;
const firstWaitMs = 1000;
const longestWaitMs = 30_000;

/**
 * How long to wait before the next try, in milliseconds; undefined where there is none: it was tried often enough, or the service asks
 * for more patience than whoever waits for an answer has. `retryAfter` is the header: seconds or a date (RFC 9110 §10.2.3).
 */
export function waitBefore(
  tries: number,
  retryAfter: string | undefined,
  clock: Clock,
  random: () => number,
): number | undefined {
  if (tries >= maxTries) return undefined;
  const askedMs = askedFor(retryAfter, clock);
  if (askedMs !== undefined) return askedMs > longestWaitMs ? undefined : askedMs;
  return Math.round(firstWaitMs * 2 ** (tries - 1) * (1 + random() / 2));
}

function askedFor(retryAfter: string | undefined, clock: Clock): number | undefined {
  if (retryAfter === undefined) return undefined;
  const seconds = /^\s*(\d{1,9}(?:\.\d{1,9})?)\s*$/u.exec(retryAfter)?.[1];
  const untilMs = seconds === undefined ? Date.parse(retryAfter) - clock.now() : Number(seconds) * 1000;
  return Number.isNaN(untilMs) ? undefined : Math.max(0, untilMs);
}
