import type { UsageQuery, UsageRecord, UsageTotal } from "@hermes/runtime";
import type { Database } from "better-sqlite3";
import { prepared } from "./prepared.ts";

const sweepSlice = 500;

/** Adds what one call of a model took to what its turn took of that model. */
export function addUsage(database: Database, { usage, nowMs, ...whose }: UsageRecord): void {
  prepared(
    database,
    `INSERT INTO usages (turn_id, model, session_id, session_key, person, at_ms, calls,
         input_tokens, output_tokens, cached_input_tokens, reasoning_tokens, cost_usd, unpriced_calls)
       VALUES (:turnId, :model, :sessionId, :sessionKey, :person, :nowMs, 1, :input, :output, :cached, :reasoning, :cost, :unpriced)
       ON CONFLICT (turn_id, model) DO UPDATE SET calls = calls + 1,
         input_tokens = input_tokens + excluded.input_tokens, output_tokens = output_tokens + excluded.output_tokens,
         cached_input_tokens = cached_input_tokens + excluded.cached_input_tokens,
         reasoning_tokens = reasoning_tokens + excluded.reasoning_tokens,
         cost_usd = cost_usd + excluded.cost_usd, unpriced_calls = unpriced_calls + excluded.unpriced_calls`,
  ).run({
    ...whose,
    nowMs,
    model: usage.model ?? "",
    input: usage.inputTokens,
    output: usage.outputTokens,
    cached: usage.cachedInputTokens ?? 0,
    reasoning: usage.reasoningTokens ?? 0,
    cost: usage.costUsd ?? 0,
    unpriced: usage.costUsd === undefined ? 1 : 0,
  });
}

/** What is asked for, by model. */
export function usageTotals(database: Database, { turnId, sessionId, person, sinceMs }: UsageQuery): readonly UsageTotal[] {
  const conditions = [
    ...(turnId === undefined ? [] : ["turn_id = :turnId"]),
    ...(sessionId === undefined ? [] : ["session_id = :sessionId"]),
    ...(person === undefined ? [] : ["person = :person"]),
    ...(sinceMs === undefined ? [] : ["at_ms >= :sinceMs"]),
  ];
  const where = conditions.length === 0 ? "" : `WHERE ${conditions.join(" AND ")}`;
  return prepared(
    database,
    `SELECT model, sum(calls) AS calls, sum(input_tokens) AS inputTokens, sum(output_tokens) AS outputTokens,
         sum(cached_input_tokens) AS cachedInputTokens, sum(reasoning_tokens) AS reasoningTokens,
         sum(cost_usd) AS costUsd, sum(unpriced_calls) AS unpricedCalls
       FROM usages ${where} GROUP BY model ORDER BY sum(input_tokens + output_tokens) DESC`,
  ).all({ turnId, sessionId, person, sinceMs }) as UsageTotal[];
}

/** Lets go of a slice of what is older than `cutoffMs`. true: there is more. */
export function sweepUsage(database: Database, cutoffMs: number): boolean {
  const { changes } = prepared(
    database,
    "DELETE FROM usages WHERE rowid IN (SELECT rowid FROM usages WHERE at_ms < ? LIMIT ?)",
  ).run(cutoffMs, sweepSlice);
  return changes === sweepSlice;
}
