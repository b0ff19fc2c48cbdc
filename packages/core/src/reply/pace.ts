import type { ReplyState } from "./state.ts";

const longestIntervalMs = 10_000;
const firstDelayMs = 1000;
const longestDelayMs = 300_000;

/** The reply after one more rate limit: edits half as often, and no call before the platform allows it. */
export function slowedDown(state: ReplyState, retryAfterMs: number | undefined, nowMs: number): ReplyState {
  const doubled = Math.max(state.intervalMs, 100) * 2;
  const intervalMs = Math.max(state.intervalMs, Math.min(doubled, longestIntervalMs));
  const waitMs = retryAfterMs !== undefined && Number.isFinite(retryAfterMs) ? Math.max(0, retryAfterMs) : intervalMs;
  return { ...state, strikes: state.strikes + 1, intervalMs, nextAtMs: Math.max(state.nextAtMs, nowMs + waitMs) };
}

/** How long to wait after so many failures in a row, in milliseconds. */
export function nextDelayMs(attempts: number): number {
  return Math.min(longestDelayMs, firstDelayMs * 2 ** Math.min(attempts - 1, 20));
}
