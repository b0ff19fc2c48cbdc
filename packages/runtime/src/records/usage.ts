import type { SessionKey, Usage } from "@hermes/core";

/** What one call of a model took, and for whom. */
export interface UsageRecord {
  readonly turnId: string;
  readonly sessionId: string;
  readonly sessionKey: SessionKey;
  /** `platform:user id` of whoever asked. */
  readonly person: string;
  readonly usage: Usage;
  readonly nowMs: number;
}

/** Whose usage is asked for, and since when; all that is given has to hold. */
export interface UsageQuery {
  readonly turnId?: string;
  readonly sessionId?: string;
  readonly person?: string;
  readonly sinceMs?: number;
}

/** What the calls of one model took together. */
export interface UsageTotal {
  /** Empty: the agent did not say which. */
  readonly model: string;
  readonly calls: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly reasoningTokens: number;
  readonly costUsd: number;
  /** Calls whose price nobody knows. */
  readonly unpricedCalls: number;
}

/** A turn that is remembered no more. */
export interface UndoneTurn {
  readonly turnId: string;
  /** What was asked in it. */
  readonly text: string;
}
