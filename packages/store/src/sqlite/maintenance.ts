import type { Database } from "better-sqlite3";

const indexSlice = 200;
const sweepSlice = 500;

/** How far a pass over old rows has come; begins anew when it has reached the young ones. */
export interface Sweep {
  afterSeq: number;
  afterTurn: string;
}

/** A pass that is about to begin. */
export function newSweep(): Sweep {
  return { afterSeq: 0, afterTurn: "" };
}

/** Takes what was said since the last time into the search index, a slice. true: there is more. */
export function indexSome(database: Database): boolean {
  const from = Number(database.prepare("SELECT value FROM meta WHERE key = 'indexed_entry'").pluck().get());
  const rows = database
    .prepare("SELECT id FROM entries WHERE id > ? ORDER BY id LIMIT ?")
    .pluck()
    .all(from, indexSlice) as number[];
  const last = rows.at(-1);
  if (last === undefined) return false;
  database
    .prepare("INSERT INTO entries_search (rowid, text) SELECT id, text FROM entries WHERE id > ? AND id <= ?")
    .run(from, last);
  database.prepare("UPDATE meta SET value = ? WHERE key = 'indexed_entry'").run(last);
  return rows.length === indexSlice;
}

/** Lets go of a slice of what is older than `cutoffMs` and settled: events with their bodies, parts. History stays. true: there is more. */
export function sweepSome(database: Database, sweep: Sweep, cutoffMs: number): boolean {
  const moreEvents = sweepEvents(database, sweep, cutoffMs);
  const moreParts = sweepParts(database, sweep, cutoffMs);
  return moreEvents || moreParts;
}

function sweepEvents(database: Database, sweep: Sweep, cutoffMs: number): boolean {
  const rows = database
    .prepare("SELECT seq, at_ms AS atMs FROM events WHERE seq > ? ORDER BY seq LIMIT ?")
    .all(sweep.afterSeq, sweepSlice) as {
    readonly seq: number;
    readonly atMs: number;
  }[];
  const old = rows.filter((row) => row.atMs < cutoffMs);
  const last = old.at(-1);
  if (last === undefined) {
    sweep.afterSeq = 0;
    return false;
  }
  database
    .prepare(
      `DELETE FROM events WHERE seq > ? AND seq <= ? AND at_ms < ? AND state <> 'waiting'
         AND seq NOT IN (SELECT seq FROM turns WHERE state = 'running' AND seq IS NOT NULL)
         AND seq NOT IN (SELECT turns.seq FROM parts JOIN turns ON turns.id = parts.turn_id
                         WHERE parts.state IN ('open', 'closed') AND turns.seq IS NOT NULL)`,
    )
    .run(sweep.afterSeq, last.seq, cutoffMs);
  sweep.afterSeq = last.seq;
  return old.length === sweepSlice;
}

/** Looks only at turns that still have parts: a pass over all turns there ever were would never end. */
function sweepParts(database: Database, sweep: Sweep, cutoffMs: number): boolean {
  const rows = database
    .prepare(
      `SELECT turns.id AS id, turns.ended_at_ms AS endedAtMs
       FROM (SELECT DISTINCT turn_id FROM parts WHERE turn_id > ? ORDER BY turn_id LIMIT ?) AS swept
         JOIN turns ON turns.id = swept.turn_id ORDER BY turns.id`,
    )
    .all(sweep.afterTurn, sweepSlice) as { readonly id: string; readonly endedAtMs: number | null }[];
  // Ids grow with time: behind a young one there are only younger ones.
  const end = rows.findIndex((row) => row.endedAtMs !== null && row.endedAtMs >= cutoffMs);
  const old = end === -1 ? rows : rows.slice(0, end);
  const remove = database.prepare("DELETE FROM parts WHERE turn_id = ? AND state NOT IN ('open', 'closed')");
  for (const row of old) if (row.endedAtMs !== null) remove.run(row.id);
  const isOver = old.length < sweepSlice;
  sweep.afterTurn = isOver ? "" : (old.at(-1)?.id ?? "");
  return !isOver;
}

/** Removes small values that have expired. */
export function expireMemory(database: Database, nowMs: number): void {
  database.prepare("DELETE FROM memory WHERE expires_at_ms IS NOT NULL AND expires_at_ms <= ?").run(nowMs);
}
