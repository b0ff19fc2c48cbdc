import type { Failure } from "@hermes/core";

const firstRetryMs = 1000;
const maxRetryMs = 5 * 60_000;
/** The other holder of a bot's credentials needs this long to be gone for certain. */
const conflictRetryMs = 2 * 60_000;

/**
 * How long to wait before a platform is tried again: ever longer, a quarter more or less so that many do not come back at once.
 * `tries` counts from 1, `random` is 0 ≤ x < 1.
 */
export function retryDelayMs(failure: Failure, tries: number, random: number): number {
  const backOffMs = Math.min(firstRetryMs * 2 ** Math.min(tries - 1, 20), maxRetryMs);
  const jitteredMs = backOffMs * (0.75 + random / 2);
  switch (failure.kind) {
    case "conflict":
      return conflictRetryMs + jitteredMs;
    case "rate-limited":
      return Math.max(failure.retryAfterMs ?? 0, jitteredMs);
    default:
      return jitteredMs;
  }
}
