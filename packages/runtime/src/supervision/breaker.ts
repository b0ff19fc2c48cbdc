/** When a breaker opens, and how it closes again. */
export interface BreakerRules {
  /** So many failures in a row open it. */
  readonly failures: number;
  /** `manual`: once open it stays open until somebody resumes the platform. */
  readonly resume: "automatic" | "manual";
  /** How long it stays open before the first probe; each probe in vain doubles that. */
  readonly firstProbeMs: number;
  readonly maxProbeMs: number;
}

/** Opens after ten failures; probes after 5 minutes, and after ever longer up to an hour. */
export const defaultBreakerRules: BreakerRules = {
  failures: 10,
  resume: "automatic",
  firstProbeMs: 5 * 60_000,
  maxProbeMs: 60 * 60_000,
};

/**
 * Whether a platform is tried at all.
 *
 * - `closed`: it is, again and again.
 * - `open`: it is left alone until `probeAtMs`, or until somebody resumes it.
 * - `probing`: one connection is tried; once that is steady the breaker closes, else it opens again for twice as long.
 */
export type BreakerState =
  | { readonly phase: "closed"; readonly failures: number }
  | {
      readonly phase: "open";
      readonly failures: number;
      readonly openedAtMs: number;
      readonly waitMs: number;
      readonly probeAtMs: number | undefined;
    }
  | { readonly phase: "probing"; readonly failures: number; readonly openedAtMs: number; readonly waitMs: number };

/** Something that happened to a platform. */
export type BreakerInput =
  /** It could not be connected, or its connection ended before it was steady. */
  | { readonly type: "failed" }
  /** It asked to be left alone for a while: no failure, and no success. */
  | { readonly type: "deferred"; readonly untilMs: number }
  /** Its connection has lasted. */
  | { readonly type: "steady" }
  /** It is about to be tried. */
  | { readonly type: "due" }
  /** Somebody wants it tried now. */
  | { readonly type: "resumed" };

/** What comes of it; `change` is there where somebody should be told. */
export interface BreakerStep {
  readonly state: BreakerState;
  readonly change?: "opened" | "closed";
}

/** A breaker of which nothing is known yet. */
export const closedBreaker: BreakerState = { phase: "closed", failures: 0 };

/** The next state of a breaker. Pure; an input that means nothing in a state changes nothing. */
export function stepBreaker(state: BreakerState, input: BreakerInput, nowMs: number, rules: BreakerRules): BreakerStep {
  switch (state.phase) {
    case "closed":
      return stepClosed(state, input, nowMs, rules);
    case "open":
      return { state: stepOpen(state, input, nowMs) };
    case "probing":
      return stepProbing(state, input, nowMs, rules);
  }
}

type Closed = Extract<BreakerState, { phase: "closed" }>;
type Open = Extract<BreakerState, { phase: "open" }>;
type Probing = Extract<BreakerState, { phase: "probing" }>;

function stepClosed(state: Closed, input: BreakerInput, nowMs: number, rules: BreakerRules): BreakerStep {
  switch (input.type) {
    case "failed": {
      const failures = state.failures + 1;
      if (failures < rules.failures) return { state: { phase: "closed", failures } };
      return { state: opened(failures, nowMs, rules.firstProbeMs, nowMs, rules), change: "opened" };
    }
    case "steady":
    case "resumed":
      return { state: closedBreaker };
    case "deferred":
    case "due":
      return { state };
  }
}

function stepOpen(state: Open, input: BreakerInput, nowMs: number): BreakerState {
  const { failures, openedAtMs, waitMs, probeAtMs } = state;
  const mayProbe = input.type === "resumed" || (input.type === "due" && probeAtMs !== undefined && nowMs >= probeAtMs);
  return mayProbe ? { phase: "probing", failures, openedAtMs, waitMs } : state;
}

function stepProbing(state: Probing, input: BreakerInput, nowMs: number, rules: BreakerRules): BreakerStep {
  const { failures, openedAtMs, waitMs } = state;
  switch (input.type) {
    case "failed": {
      const longerMs = Math.min(waitMs * 2, rules.maxProbeMs);
      return { state: opened(failures + 1, openedAtMs, longerMs, nowMs, rules) };
    }
    case "deferred": {
      const again = opened(failures, openedAtMs, waitMs, nowMs, rules);
      const { probeAtMs } = again;
      return { state: probeAtMs === undefined ? again : { ...again, probeAtMs: Math.max(probeAtMs, input.untilMs) } };
    }
    case "steady":
      return { state: closedBreaker, change: "closed" };
    case "resumed":
    case "due":
      return { state };
  }
}

function opened(failures: number, openedAtMs: number, waitMs: number, nowMs: number, rules: BreakerRules): Open {
  const probeAtMs = rules.resume === "automatic" ? nowMs + waitMs : undefined;
  return { phase: "open", failures, openedAtMs, waitMs, probeAtMs };
}
