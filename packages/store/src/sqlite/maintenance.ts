import type { UpkeepKind } from "@hermes/runtime";
import type { Database } from "better-sqlite3";
import { prepared } from "./prepared.ts";
import { newHistorySweep, sweepHistory } from "./sweep-history.ts";
import { newSettledSweep, sweepSettled } from "./sweep-settled.ts";
import { sweepUsage } from "./usage.ts";

const indexSlice = 200;
const expireSlice = 500;

/** What is kept how long, and what time it is. */
export interface MaintenanceRequest {
  readonly nowMs: number;
  /** Events, turns and parts, from when they are settled. */
  readonly keepBodiesMs: number;
  /** What was said. Default: for ever. */
  readonly keepHistoryMs?: number;
  /** Default: everything. */
  readonly only?: UpkeepKind;
}

/** How far each kind of work has come. */
export type Sweeps = ReturnType<typeof newSweeps>;

/** Passes that are about to begin. */
export function newSweeps() {
  return { settled: newSettledSweep(), history: newHistorySweep() };
}

/** A slice of everything that is kept off the way of messages. true: there is more. */
export function maintainSome(database: Database, sweeps: Sweeps, request: MaintenanceRequest): boolean {
  const { nowMs, keepBodiesMs, keepHistoryMs, only } = request;
  const kinds: Readonly<Record<UpkeepKind, () => boolean>> = {
    expiry: () => expireMemory(database, nowMs),
    "search-index": () => indexSome(database),
    retention: () => {
      const moreBodies = sweepSettled(database, sweeps.settled, nowMs - keepBodiesMs);
      const moreHistory = keepHistoryMs !== undefined && sweepHistory(database, sweeps.history, nowMs - keepHistoryMs, nowMs);
      const moreUsage = sweepUsage(database, nowMs - keepBodiesMs);
      return moreBodies || moreHistory || moreUsage;
    },
  };
  if (only !== undefined) return kinds[only]();
  return Object.values(kinds)
    .map((work) => work())
    .includes(true);
}

/** Takes what was said since the last time into the search index, a slice. true: there is more. */
export function indexSome(database: Database): boolean {
  const from = Number(prepared(database, "SELECT value FROM meta WHERE key = 'indexed_entry'").pluck().get());
  const rows = prepared(database, "SELECT id FROM entries WHERE id > ? ORDER BY id LIMIT ?")
    .pluck()
    .all(from, indexSlice) as number[];
  const last = rows.at(-1);
  if (last === undefined) return false;
  prepared(database, "INSERT INTO entries_search (rowid, text) SELECT id, text FROM entries WHERE id > ? AND id <= ?").run(
    from,
    last,
  );
  prepared(database, "UPDATE meta SET value = ? WHERE key = 'indexed_entry'").run(last);
  return rows.length === indexSlice;
}

/** Removes small values that have expired. */
function expireMemory(database: Database, nowMs: number): boolean {
  const { changes } = prepared(
    database,
    `DELETE FROM memory WHERE rowid IN
         (SELECT rowid FROM memory WHERE expires_at_ms IS NOT NULL AND expires_at_ms <= ? LIMIT ${expireSlice})`,
  ).run(nowMs);
  return changes === expireSlice;
}
