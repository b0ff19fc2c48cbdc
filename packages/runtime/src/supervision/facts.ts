/**
 * What keeps a platform that fails from being tried again and again. `closed`: it failed, and is tried; `open`: it is left alone;
 * `probing`: it is tried once, and left alone again unless that lasts.
 */
export interface BreakerFacts {
  readonly phase: "closed" | "open" | "probing";
  /** In a row. */
  readonly failures: number;
  readonly openedAtMs?: number;
  readonly probeAtMs?: number;
}

/** Connections that were replaced since nothing of them was true any more. */
export interface ReplacedConnections {
  readonly count: number;
  readonly lastAtMs: number;
  readonly why: string;
}

/** What a paused platform was offered and did not take. */
export interface TurnedAway {
  readonly count: number;
  readonly lastAtMs: number;
}
