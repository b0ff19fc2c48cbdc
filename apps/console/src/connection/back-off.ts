const firstMs = 500;
const mostMs = 20_000;

/** How long to wait before attempt `attempt` (from 1), in milliseconds; `random` gives 0 to 1. Half of it is chance, so that many pages do not come back at once. */
export function backOffMs(attempt: number, random: () => number): number {
  const whole = Math.min(mostMs, firstMs * 2 ** Math.min(attempt - 1, 16));
  return Math.round(whole / 2 + (whole / 2) * random());
}
