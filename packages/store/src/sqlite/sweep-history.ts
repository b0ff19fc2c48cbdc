import type { Database } from "better-sqlite3";

const entrySlice = 200;
const sessionSlice = 250;
/** Pages of the search index that are written anew in one slice: a few milliseconds. */
const indexPages = 8;
/** Fewer forgotten entries than this are not worth writing the index anew for before the day is over. */
const fewEntries = 2000;
/** One forgotten among so many that are left is borne. */
const tracesPerEntry = 4;
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
      // Page by page the index is written anew quickly only as long as something of most pages stays.
      if (forgotten >= fewEntries && forgotten * tracesPerEntry > left) sweep.stage = "index";
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
        database.prepare("DELETE FROM meta WHERE key = 'forgotten_entries'").run();
        sweep.stage = "entries";
      }
      return true;
  }
}

/** How many entries the index still holds traces of, beside how many it is there for, nearly. */
function tracesInIndex(database: Database): { readonly forgotten: number; readonly left: number } {
  return database
    .prepare(
      `SELECT coalesce((SELECT value FROM meta WHERE key = 'forgotten_entries'), 0) AS forgotten,
         coalesce((SELECT max(id) FROM entries) - (SELECT min(id) FROM entries), 0) AS left`,
    )
    .get() as { readonly forgotten: number; readonly left: number };
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
  const { changes } = database
    .prepare(
      `INSERT INTO entries_search (entries_search, rowid, text) SELECT 'delete', id, text FROM entries
       WHERE id <= ? AND id <= (SELECT value FROM meta WHERE key = 'indexed_entry')`,
    )
    .run(last.id);
  // An agent's own entries of a turn go with what was said in it.
  database
    .prepare("DELETE FROM transcripts WHERE (session_id, turn_id) IN (SELECT session_id, turn_id FROM entries WHERE id <= ?)")
    .run(last.id);
  database.prepare("DELETE FROM entries WHERE id <= ?").run(last.id);
  if (changes > 0) {
    database
      .prepare(
        `INSERT INTO meta (key, value) VALUES ('forgotten_entries', ?) ON CONFLICT (key) DO UPDATE SET value = value + excluded.value`,
      )
      .run(changes);
  }
  return old.length === entrySlice;
}

function sweepSessions(database: Database, sweep: HistorySweep, cutoffMs: number): boolean {
  const rows = database
    .prepare(
      `SELECT id, updated_at_ms AS updatedAtMs FROM sessions
       WHERE (updated_at_ms, id) > (?, ?) AND updated_at_ms < ? ORDER BY updated_at_ms, id LIMIT ?`,
    )
    .all(sweep.afterSession.updatedAtMs, sweep.afterSession.id, cutoffMs, sessionSlice) as {
    readonly id: string;
    readonly updatedAtMs: number;
  }[];
  database
    .prepare(
      `DELETE FROM sessions WHERE id IN (SELECT value FROM json_each(?)) AND ended_at_ms < ?
         AND NOT EXISTS (SELECT 1 FROM entries WHERE session_id = sessions.id)`,
    )
    .run(JSON.stringify(rows.map((row) => row.id)), cutoffMs);
  sweep.afterSession = rows.at(-1) ?? firstSession;
  return rows.length === sessionSlice;
}

/**
 * What the index forgets it only marks: the words themselves go when it is written anew, some pages at a time, a negative number
 * beginning that. true: it is not through.
 */
function rewriteIndex(database: Database, pages: number): boolean {
  const changes = (): number => Number(database.prepare("SELECT total_changes()").pluck().get());
  const before = changes();
  database.prepare("INSERT INTO entries_search (entries_search, rank) VALUES ('merge', ?)").run(pages);
  // SQLite counts this very statement as one.
  return changes() - before >= 2;
}
