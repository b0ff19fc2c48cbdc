import type { Database } from "better-sqlite3";

const entrySlice = 200;
const sessionSlice = 250;
/** Conversations are gone through whole, the living ones too: once a day is enough. */
const sessionsEveryMs = 24 * 60 * 60_000;

/** How far a pass over the history has come. */
export interface HistorySweep {
  /** undefined: the pass over conversations rests. */
  afterSession: { readonly updatedAtMs: number; readonly id: string } | undefined;
  nextSessionsAtMs: number;
}

/** A pass that is about to begin. */
export function newHistorySweep(): HistorySweep {
  return { afterSession: undefined, nextSessionsAtMs: -Infinity };
}

/** Forgets a slice of what was said before `cutoffMs`, and of the conversations that ended before and hold nothing any more. true: there is more. */
export function sweepHistory(database: Database, sweep: HistorySweep, cutoffMs: number, nowMs: number): boolean {
  if (sweepEntries(database, cutoffMs)) return true;
  if (sweep.afterSession === undefined) {
    if (nowMs < sweep.nextSessionsAtMs) return false;
    sweep.nextSessionsAtMs = nowMs + sessionsEveryMs;
    sweep.afterSession = { updatedAtMs: -1, id: "" };
  }
  return sweepSessions(database, sweep, sweep.afterSession, cutoffMs);
}

function sweepEntries(database: Database, cutoffMs: number): boolean {
  const rows = database.prepare("SELECT id, at_ms AS atMs FROM entries ORDER BY id LIMIT ?").all(entrySlice) as {
    readonly id: number;
    readonly atMs: number;
  }[];
  // In the order in which they were said: behind a young one there are only younger ones.
  const end = rows.findIndex((row) => row.atMs >= cutoffMs);
  const old = end === -1 ? rows : rows.slice(0, end);
  const last = old.at(-1);
  if (last === undefined) return false;
  // The index keeps no text of its own: it has to be told what it forgets, before that is gone.
  database
    .prepare(
      `INSERT INTO entries_search (entries_search, rowid, text) SELECT 'delete', id, text FROM entries
       WHERE id <= ? AND id <= (SELECT value FROM meta WHERE key = 'indexed_entry')`,
    )
    .run(last.id);
  database.prepare("DELETE FROM entries WHERE id <= ?").run(last.id);
  return old.length === entrySlice;
}

function sweepSessions(
  database: Database,
  sweep: HistorySweep,
  after: { readonly updatedAtMs: number; readonly id: string },
  cutoffMs: number,
): boolean {
  const rows = database
    .prepare(
      `SELECT id, updated_at_ms AS updatedAtMs FROM sessions
       WHERE (updated_at_ms, id) > (?, ?) AND updated_at_ms < ? ORDER BY updated_at_ms, id LIMIT ?`,
    )
    .all(after.updatedAtMs, after.id, cutoffMs, sessionSlice) as { readonly id: string; readonly updatedAtMs: number }[];
  database
    .prepare(
      `DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?)) AND ended_at_ms < ?
         AND NOT EXISTS (SELECT 1 FROM entries WHERE session_id = sessions.id)`,
    )
    .run(JSON.stringify(rows.map((row) => row.id)), cutoffMs);
  sweep.afterSession = rows.length === sessionSlice ? rows.at(-1) : undefined;
  return rows.length === sessionSlice;
}
