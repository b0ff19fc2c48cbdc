import type { Database } from "better-sqlite3";
import { prepared } from "./prepared.ts";
import { besideOf } from "./turn-inputs.ts";

const slice = 250;

/** How far a pass over old rows has come; begins anew when it has reached the young ones. */
export interface SettledSweep {
  afterSeq: number;
  afterTurn: string;
}

/** A pass that is about to begin. */
export function newSettledSweep(): SettledSweep {
  return { afterSeq: 0, afterTurn: "" };
}

/**
 * Lets go of a slice of what is older than `cutoffMs` and settled: events and turns with their parts. What waits, runs or is not shown
 * whole stays, and so does the history. true: there is more.
 */
export function sweepSettled(database: Database, sweep: SettledSweep, cutoffMs: number): boolean {
  const moreEvents = sweepEvents(database, sweep, cutoffMs);
  const moreTurns = sweepTurns(database, sweep, cutoffMs);
  return moreEvents || moreTurns;
}

function sweepEvents(database: Database, sweep: SettledSweep, cutoffMs: number): boolean {
  const rows = prepared(database, "SELECT seq, at_ms AS atMs FROM events WHERE seq > ? ORDER BY seq LIMIT ?").all(
    sweep.afterSeq,
    slice,
  ) as {
    readonly seq: number;
    readonly atMs: number;
  }[];
  const old = rows.filter((row) => row.atMs < cutoffMs);
  const last = old.at(-1);
  if (last === undefined) {
    sweep.afterSeq = 0;
    return false;
  }
  prepared(
    database,
    `DELETE FROM events WHERE seq > ? AND seq <= ? AND at_ms < ? AND state <> 'waiting'
         AND seq NOT IN (SELECT seq FROM turns WHERE state = 'running' AND seq IS NOT NULL)
         AND seq NOT IN (${besideOf("turns.state = 'running'")})
         AND seq NOT IN (SELECT turns.seq FROM parts JOIN turns ON turns.id = parts.turn_id
                         WHERE parts.state IN ('open', 'closed') AND turns.seq IS NOT NULL)`,
  ).run(sweep.afterSeq, last.seq, cutoffMs);
  sweep.afterSeq = last.seq;
  return old.length === slice;
}

function sweepTurns(database: Database, sweep: SettledSweep, cutoffMs: number): boolean {
  const rows = prepared(
    database,
    `SELECT id, ended_at_ms AS endedAtMs,
         EXISTS (SELECT 1 FROM parts WHERE turn_id = turns.id AND state IN ('open', 'closed'))
           OR EXISTS (SELECT 1 FROM sessions WHERE id = turns.session_id AND cut_off_turn_id = turns.id) AS isNeeded
       FROM turns WHERE id > ? ORDER BY id LIMIT ?`,
  ).all(sweep.afterTurn, slice) as {
    readonly id: string;
    /** null while it runs. */
    readonly endedAtMs: number | null;
    /** Something of it is still to be shown, or the conversation's next turn is to be told what it left open. */
    readonly isNeeded: 0 | 1;
  }[];
  // Ids grow with time: behind a young one there are only younger ones.
  const end = rows.findIndex((row) => row.endedAtMs !== null && row.endedAtMs >= cutoffMs);
  const old = end === -1 ? rows : rows.slice(0, end);
  const settled = old.filter((row) => row.endedAtMs !== null && row.isNeeded === 0).map((row) => row.id);
  if (settled.length > 0) {
    const ids = JSON.stringify(settled);
    prepared(database, "DELETE FROM parts WHERE turn_id IN (SELECT value FROM json_each(?))").run(ids);
    prepared(database, "DELETE FROM questions WHERE turn_id IN (SELECT value FROM json_each(?))").run(ids);
    prepared(database, "DELETE FROM turns WHERE id IN (SELECT value FROM json_each(?))").run(ids);
  }
  const isOver = old.length < slice;
  sweep.afterTurn = isOver ? "" : (old.at(-1)?.id ?? "");
  return !isOver;
}
