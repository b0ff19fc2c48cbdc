import type { PlatformEvent, SessionKey } from "@hermes/core";
import type { Said, SaidEntry, SaidNotice, SaidQuery, StepRecord } from "@hermes/runtime";
import type { Database } from "better-sqlite3";
import { forgetEntries } from "./forget-entries.ts";
import { prepared } from "./prepared.ts";
import { besideOf } from "./turn-inputs.ts";
import { toPart } from "./rows.ts";

const beyond = Number.MAX_SAFE_INTEGER;
const afterAllIds = "~";

interface EntryRow {
  readonly id: number;
  readonly role: SaidEntry["role"];
  readonly text: string;
  readonly turnId: string;
  readonly atMs: number;
  readonly sessionId: string;
  readonly eventId: string | null;
  /** null once the turn is no longer kept. */
  readonly turnState: NonNullable<SaidEntry["turnState"]> | null;
  readonly steps: string | null;
  readonly firstEntryId: number | null;
  readonly body: string | null;
}

/** What was said under a key, in all its sessions, each list newest first. */
export function listSaid(database: Database, { sessionKey, limit, before }: SaidQuery): Said {
  const rows = prepared(
    database,
    `SELECT entries.id AS id, role, text, entries.turn_id AS turnId, entries.at_ms AS atMs, entries.session_id AS sessionId,
         coalesce(entries.event_id, (SELECT event_id FROM entries AS first WHERE first.id = turns.entry_id)) AS eventId, turns.state AS turnState, turns.steps AS steps, turns.entry_id AS firstEntryId, events.body AS body
       FROM entries LEFT JOIN turns ON turns.id = entries.turn_id LEFT JOIN events ON events.seq = turns.seq
       WHERE entries.session_id IN (SELECT id FROM sessions WHERE key = ?) AND entries.id < ? ORDER BY entries.id DESC LIMIT ?`,
  ).all(sessionKey, before?.entryId ?? beyond, limit) as EntryRow[];
  return {
    entries: rows.map((row) => toEntry(database, row)),
    notices: noticesOf(database, sessionKey, before?.replyId ?? afterAllIds, limit),
    waiting: before === undefined ? waitingIn(database, sessionKey, limit) : [],
  };
}

function toEntry(database: Database, row: EntryRow): SaidEntry {
  const { id, role, text, turnId, atMs, sessionId, eventId, turnState, steps, firstEntryId, body } = row;
  const isFirst = id === firstEntryId;
  return {
    id,
    role,
    text,
    turnId,
    atMs,
    sessionId,
    ...(eventId === null ? {} : { eventId }),
    ...(turnState === null ? {} : { turnState }),
    ...(steps === null ? {} : { steps: JSON.parse(steps) as readonly StepRecord[] }),
    ...(isFirst && body !== null ? { event: JSON.parse(body) as PlatformEvent } : {}),
    notices: isFirst ? noticesIn(database, turnId, atMs) : [],
  };
}

/** What the gateway itself said within a turn. */
function noticesIn(database: Database, turnId: string, atMs: number): readonly SaidNotice[] {
  const bodies = prepared(database, "SELECT body FROM parts WHERE turn_id = ? ORDER BY idx").pluck().all(turnId) as string[];
  return bodies.map(toPart).flatMap(({ kind, desired, shown, state, firstShownAtMs }) => {
    const text = (state === "sent" ? shown : desired).join("\n\n");
    return kind === "text" || text === "" ? [] : [{ replyId: turnId, text, atMs: firstShownAtMs ?? atMs }];
  });
}

function noticesOf(database: Database, sessionKey: SessionKey, beforeId: string, limit: number): readonly SaidNotice[] {
  const rows = prepared(
    database,
    `SELECT id, started_at_ms AS atMs, events.body AS body FROM turns LEFT JOIN events ON events.seq = turns.seq
       WHERE turns.session_key = ? AND turns.kind = 'notice' AND id < ? ORDER BY id DESC LIMIT ?`,
  ).all(sessionKey, beforeId, limit) as { readonly id: string; readonly atMs: number; readonly body: string | null }[];
  return rows.map(({ id, atMs, body }) => ({
    replyId: id,
    text: textOf(database, id),
    atMs,
    ...(body === null ? {} : { event: JSON.parse(body) as PlatformEvent }),
  }));
}

function textOf(database: Database, replyId: string): string {
  const bodies = prepared(database, "SELECT body FROM parts WHERE turn_id = ? ORDER BY idx").pluck().all(replyId) as string[];
  return bodies
    .map(toPart)
    .map(({ state, shown, desired }) => (state === "sent" ? shown : desired).join("\n\n"))
    .join("\n\n");
}

function waitingIn(database: Database, sessionKey: SessionKey, limit: number): Said["waiting"] {
  const rows = prepared(
    database,
    `SELECT body, at_ms AS atMs FROM events WHERE session_key = ? AND work IN ('turn', 'command') AND state = 'waiting'
       ORDER BY seq LIMIT ?`,
  ).all(sessionKey, limit) as { readonly body: string | null; readonly atMs: number }[];
  return rows.flatMap(({ body, atMs }) => (body === null ? [] : [{ event: JSON.parse(body) as PlatformEvent, atMs }]));
}

const slice = 200;

/** Forgets a slice of what was said under a key: newest turns first, then what is left of its sessions. */
export function deleteSome(database: Database, sessionKey: SessionKey): "busy" | "more" | "absent" {
  if (isBusy(database, sessionKey)) return "busy";
  const turns = prepared(database, "SELECT id FROM turns WHERE session_key = ? ORDER BY id DESC LIMIT ?")
    .pluck()
    .all(sessionKey, slice) as string[];
  if (turns.length > 0) {
    forgetTurns(database, JSON.stringify(turns));
    return "more";
  }
  const entries = prepared(database, "SELECT id FROM entries WHERE session_id IN (SELECT id FROM sessions WHERE key = ?) LIMIT ?")
    .pluck()
    .all(sessionKey, slice) as number[];
  if (entries.length > 0) {
    forgetEntries(database, entries);
    return "more";
  }
  prepared(
    database,
    "UPDATE events SET body = NULL WHERE session_key = ? AND state IN ('dropped', 'answer') AND body IS NOT NULL",
  ).run(sessionKey);
  prepared(database, "DELETE FROM transcripts WHERE session_id IN (SELECT id FROM sessions WHERE key = ?)").run(sessionKey);
  const { changes } = prepared(database, "DELETE FROM sessions WHERE key = ?").run(sessionKey);
  return changes > 0 ? "more" : "absent";
}

function isBusy(database: Database, sessionKey: SessionKey): boolean {
  const running = prepared(database, "SELECT 1 FROM turns WHERE state = 'running' AND session_key = ? LIMIT 1").get(sessionKey);
  const unshown = prepared(
    database,
    `SELECT 1 FROM parts JOIN turns ON turns.id = parts.turn_id
       WHERE parts.state IN ('open', 'closed') AND turns.session_key = ? LIMIT 1`,
  ).get(sessionKey);
  return running !== undefined || unshown !== undefined || waitingIn(database, sessionKey, 1).length > 0;
}

/** What came in stays known by its id, so that a repetition of it is recognised. */
function forgetTurns(database: Database, ids: string): void {
  const chosen = "(SELECT value FROM json_each(?))";
  prepared(database, `UPDATE events SET body = NULL WHERE seq IN (SELECT seq FROM turns WHERE id IN ${chosen})`).run(ids);
  prepared(database, `UPDATE events SET body = NULL WHERE seq IN (${besideOf(`turns.id IN ${chosen}`)})`).run(ids, ids);
  prepared(database, `DELETE FROM parts WHERE turn_id IN ${chosen}`).run(ids);
  prepared(database, `DELETE FROM questions WHERE turn_id IN ${chosen}`).run(ids);
  prepared(database, `DELETE FROM turns WHERE id IN ${chosen}`).run(ids);
}
