import type { UndoneTurn } from "@hermes/runtime";
import type { Database } from "better-sqlite3";
import { forgetEntries } from "./forget-entries.ts";
import { prepared } from "./prepared.ts";

/** Where it is remembered which command undid what: a command that its process did not bring to its end is worked off again. */
const place = "$undo";
const keptMs = 7 * 24 * 60 * 60_000;

/** What is undone, and by which command. */
export interface UndoRequest {
  readonly sessionKey: string;
  readonly seq: number;
  readonly nowMs: number;
}

/** Takes the newest turn of a key's session out of what is remembered of it, once for each command. */
export function undoTurn(database: Database, { sessionKey, seq, nowMs }: UndoRequest): UndoneTurn | undefined {
  const before = undoneBefore(database, sessionKey);
  if (before?.seq === seq) return before.turn;
  const newest = prepared(
    database,
    `SELECT sessions.id AS sessionId, entries.turn_id AS turnId, turns.state AS state
       FROM sessions JOIN entries ON entries.session_id = sessions.id LEFT JOIN turns ON turns.id = entries.turn_id
       WHERE sessions.key = ? AND sessions.ended_at_ms IS NULL ORDER BY entries.id DESC LIMIT 1`,
  ).get(sessionKey) as { readonly sessionId: string; readonly turnId: string; readonly state: string | null } | undefined;
  if (newest === undefined || newest.state === "running") return undefined;
  const { sessionId, turnId } = newest;
  const turn = { turnId, text: forgetTurn(database, sessionId, turnId) };
  prepared(
    database,
    `INSERT INTO memory (platform, key, value, expires_at_ms) VALUES (?, ?, ?, ?)
       ON CONFLICT (platform, key) DO UPDATE SET value = excluded.value, expires_at_ms = excluded.expires_at_ms`,
  ).run(place, sessionKey, JSON.stringify({ seq, turn }), nowMs + keptMs);
  return turn;
}

/** Answers what was asked in it. */
function forgetTurn(database: Database, sessionId: string, turnId: string): string {
  const said = prepared(database, "SELECT id, role, text FROM entries WHERE session_id = ? AND turn_id = ? ORDER BY id").all(
    sessionId,
    turnId,
  ) as { readonly id: number; readonly role: string; readonly text: string }[];
  forgetEntries(
    database,
    said.map(({ id }) => id),
  );
  prepared(database, "DELETE FROM transcripts WHERE session_id = ? AND turn_id = ?").run(sessionId, turnId);
  prepared(
    database,
    `UPDATE sessions SET cut_off_turn_id = NULL,
         last_turn_id = (SELECT turn_id FROM entries WHERE session_id = sessions.id ORDER BY id DESC LIMIT 1) WHERE id = ?`,
  ).run(sessionId);
  return said.find(({ role }) => role === "user")?.text ?? "";
}

function undoneBefore(database: Database, sessionKey: string): { readonly seq: number; readonly turn: UndoneTurn } | undefined {
  const row = prepared(database, "SELECT value FROM memory WHERE platform = ? AND key = ?").get(place, sessionKey) as
    | { readonly value: string }
    | undefined;
  return row === undefined ? undefined : (JSON.parse(row.value) as { seq: number; turn: UndoneTurn });
}
