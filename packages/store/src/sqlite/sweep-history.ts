import type { Database } from "better-sqlite3";
import { forgetEntries } from "./forget-entries.ts";
import { prepared } from "./prepared.ts";

const entrySlice = 200;
const sessionSlice = 250;
/** Pages of the search index that are written anew in one slice: a few milliseconds. */
const indexPages = 8;
/**
 * How many forgotten entries the index may hold traces of before it is written anew, at least, and one in how many that are left. Page by
 * page that takes the longer the more of them lie side by side, and each time it is all of the index.
 */
const maxTraces = 25_000;
const maxTracesOneIn = 100;
/** What goes through everything that is kept, and not only what goes, is done once a day. */
const dailyMs = 24 * 60 * 60_000;

/** How far a pass over the history has come. */
export interface HistorySweep {
  stage: "entries" | "sessions" | "index" | "index-goes-on";
  afterSession: { readonly updatedAtMs: number; readonly id: string };
  /** When the next daily pass begins. */
  nextAtMs: number;
}

const firstSession = { updatedAtMs: -1, id: "" };

/** A pass that is about to begin. */
export function newHistorySweep(): HistorySweep {
  return { stage: "entries", afterSession: firstSession, nextAtMs: -Infinity };
}

/** Forgets a slice of what was said before `cutoffMs`, and of the conversations that ended before and hold nothing any more. true: there is more. */
export function sweepHistory(database: Database, sweep: HistorySweep, cutoffMs: number, nowMs: number): boolean {
  switch (sweep.stage) {
    case "entries": {
      const { forgotten, left } = tracesInIndex(database);
      if (forgotten >= Math.max(maxTraces, left / maxTracesOneIn)) sweep.stage = "index";
      else if (sweepEntries(database, cutoffMs)) return true;
      else if (nowMs < sweep.nextAtMs) return false;
      else {
        sweep.nextAtMs = nowMs + dailyMs;
        sweep.afterSession = firstSession;
        sweep.stage = "sessions";
      }
      return true;
    }
    case "sessions":
      if (sweepSessions(database, sweep, cutoffMs)) return true;
      sweep.stage = tracesInIndex(database).forgotten > 0 ? "index" : "entries";
      return true;
    case "index":
    case "index-goes-on":
      if (rewriteIndex(database, sweep.stage === "index" ? -indexPages : indexPages)) sweep.stage = "index-goes-on";
      else {
        prepared(database, "DELETE FROM meta WHERE key = 'forgotten_entries'").run();
        sweep.stage = "entries";
      }
      return true;
  }
}

/** How many entries the index still holds traces of, beside how many it is there for, nearly. */
function tracesInIndex(database: Database): { readonly forgotten: number; readonly left: number } {
  return prepared(
    database,
    `SELECT coalesce((SELECT value FROM meta WHERE key = 'forgotten_entries'), 0) AS forgotten,
         coalesce((SELECT max(id) FROM entries) - (SELECT min(id) FROM entries), 0) AS left`,
  ).get() as { readonly forgotten: number; readonly left: number };
}

function sweepEntries(database: Database, cutoffMs: number): boolean {
  const rows = prepared(database, "SELECT id, at_ms AS atMs FROM entries ORDER BY id LIMIT ?").all(entrySlice) as {
    readonly id: number;
    readonly atMs: number;
  }[];
  // In the order in which they were said: behind a young one there are only younger ones.
  const end = rows.findIndex((row) => row.atMs >= cutoffMs);
  const old = end === -1 ? rows : rows.slice(0, end);
  const last = old.at(-1);
  if (last === undefined) return false;
  // An agent's own entries of a turn go with what was said in it.
  prepared(
    database,
    "DELETE FROM transcripts WHERE (session_id, turn_id) IN (SELECT session_id, turn_id FROM entries WHERE id <= ?)",
  ).run(last.id);
  forgetEntries(
    database,
    old.map(({ id }) => id),
  );
  return old.length === entrySlice;
}

function sweepSessions(database: Database, sweep: HistorySweep, cutoffMs: number): boolean {
  const rows = prepared(
    database,
    `SELECT id, updated_at_ms AS updatedAtMs FROM sessions
       WHERE (updated_at_ms, id) > (?, ?) AND updated_at_ms < ? ORDER BY updated_at_ms, id LIMIT ?`,
  ).all(sweep.afterSession.updatedAtMs, sweep.afterSession.id, cutoffMs, sessionSlice) as {
    readonly id: string;
    readonly updatedAtMs: number;
  }[];
  prepared(
    database,
    `DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?)) AND ended_at_ms < ?
         AND NOT EXISTS (SELECT 1 FROM entries WHERE session_id = sessions.id)`,
  ).run(JSON.stringify(rows.map((row) => row.id)), cutoffMs);
  sweep.afterSession = rows.at(-1) ?? firstSession;
  return rows.length === sessionSlice;
}

/**
 * What the index forgets it only marks: the words themselves go when it is written anew, some pages at a time, a negative number
 * beginning that. true: it is not through.
 */
function rewriteIndex(database: Database, pages: number): boolean {
  const changes = (): number => Number(prepared(database, "SELECT total_changes()").pluck().get());
  const before = changes();
  prepared(database, "INSERT INTO entries_search (entries_search, rank) VALUES ('merge', ?)").run(pages);
  // SQLite counts this very statement as one.
  return changes() - before >= 2;
}
