import type { Chat, Origin, PlatformEvent, SessionKey } from "@hermes/core";
import type { DeliveryQuery, EventDetails, EventQuery, LedgerEvent, Page, StoredReply } from "@hermes/runtime";
import type { Database } from "better-sqlite3";
import { placeOf, toPart } from "./rows.ts";
import { parseInputs } from "./turn-inputs.ts";

/** Looking for the id of a message means reading bodies: only the newest are read, so that a question never holds up the gateway. */
const maxBodiesRead = 20_000;

interface EventFacts {
  readonly seq: number;
  readonly platform: string;
  readonly eventId: string;
  readonly verdict: LedgerEvent["verdict"];
  readonly rule: string;
  readonly state: LedgerEvent["state"];
  readonly atMs: number;
  readonly sessionKey: string | null;
  readonly work: LedgerEvent["work"] | null;
}

const eventColumns = `seq, platform, event_id AS eventId, verdict, rule, state, at_ms AS atMs, session_key AS sessionKey, work`;

/** Newest first. */
export function listEvents(database: Database, { verdict, state, platform, limit, after }: EventQuery): Page<LedgerEvent> {
  const rows = database
    .prepare(
      `SELECT ${eventColumns} FROM events
       WHERE seq < @before AND coalesce(@verdict, verdict) = verdict AND coalesce(@state, state) = state
         AND coalesce(@platform, platform) = platform
       ORDER BY seq DESC LIMIT @limit`,
    )
    .all({
      before: after === undefined ? Number.MAX_SAFE_INTEGER : Number(after),
      verdict: verdict ?? null,
      state: state ?? null,
      platform: platform ?? null,
      limit: limit + 1,
    }) as EventFacts[];
  return pageOf(rows.map(toLedgerEvent), limit, ({ seq }) => `${seq}`);
}

/** One event with what is kept of it. */
export function eventDetails(database: Database, seq: number): EventDetails | undefined {
  const row = database.prepare(`SELECT ${eventColumns}, body FROM events WHERE seq = ?`).get(seq) as
    | (EventFacts & { readonly body: string | null })
    | undefined;
  if (row === undefined) return undefined;
  return { ...toLedgerEvent(row), ...(row.body === null ? {} : { event: JSON.parse(row.body) as PlatformEvent }) };
}

function toLedgerEvent({ seq, platform, eventId, verdict, rule, state, atMs, sessionKey, work }: EventFacts): LedgerEvent {
  return {
    seq,
    platform,
    eventId,
    verdict,
    rule,
    state,
    atMs,
    ...(sessionKey === null ? {} : { sessionKey: sessionKey as SessionKey }),
    ...(work === null || work === undefined ? {} : { work }),
  };
}

interface ReplyFacts {
  readonly id: string;
  readonly kind: StoredReply["kind"];
  readonly state: StoredReply["state"];
  readonly sessionKey: string;
  readonly seq: number | null;
  readonly chat: string | null;
  readonly origin: string | null;
  readonly body: string | null;
  readonly inputs: string | null;
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
}

const replyColumns = `turns.id AS id, turns.kind AS kind, turns.state AS state, turns.session_key AS sessionKey, turns.seq AS seq,
  turns.chat AS chat, turns.origin AS origin, turns.inputs AS inputs, events.body AS body, turns.started_at_ms AS startedAtMs, turns.ended_at_ms AS endedAtMs`;
const fromReplies = `turns LEFT JOIN events ON events.seq = turns.seq`;

const withParts: Readonly<Record<NonNullable<DeliveryQuery["state"]>, string>> = {
  pending: `turns.state <> 'running' AND turns.id IN (SELECT turn_id FROM parts WHERE state IN ('open', 'closed'))`,
  troubled: `turns.id IN (SELECT turn_id FROM parts WHERE state IN ('unknown', 'failed'))`,
};

/** Newest first. */
export function listReplies(database: Database, { state, platform, limit, after }: DeliveryQuery): Page<StoredReply> {
  const rows = database
    .prepare(
      `SELECT ${replyColumns} FROM ${fromReplies}
       WHERE (@after IS NULL OR turns.id < @after) AND ${state === undefined ? "1" : withParts[state]}
         AND (@platform IS NULL OR coalesce(events.platform, json_extract(turns.chat, '$.ref.platform')) = @platform)
       ORDER BY turns.id DESC LIMIT @limit`,
    )
    .all({ after: after ?? null, platform: platform ?? null, limit: limit + 1 }) as ReplyFacts[];
  const page = pageOf(rows, limit, ({ id }) => id);
  return { ...page, rows: page.rows.flatMap((row) => toReply(database, row) ?? []) };
}

/** One answer or notice; undefined too once nobody knows any more where it went. */
export function storedReply(database: Database, replyId: string): StoredReply | undefined {
  const row = database.prepare(`SELECT ${replyColumns} FROM ${fromReplies} WHERE turns.id = ?`).get(replyId) as
    | ReplyFacts
    | undefined;
  return row === undefined ? undefined : toReply(database, row);
}

function toReply(database: Database, row: ReplyFacts): StoredReply | undefined {
  const place: { readonly chat: Chat; readonly origin?: Origin } | undefined = placeOf(row);
  if (place === undefined) return undefined;
  const { joined, steered } = parseInputs(row.inputs);
  const beside = [...joined, ...steered.map(({ seq }) => seq)];
  const parts = database.prepare("SELECT body FROM parts WHERE turn_id = ? ORDER BY idx").pluck().all(row.id) as string[];
  return {
    replyId: row.id,
    kind: row.kind,
    state: row.state,
    sessionKey: row.sessionKey as SessionKey,
    ...place,
    ...(row.seq === null ? {} : { seq: row.seq }),
    ...(beside.length === 0 ? {} : { beside }),
    startedAtMs: row.startedAtMs,
    ...(row.endedAtMs === null ? {} : { endedAtMs: row.endedAtMs }),
    parts: parts.map(toPart),
  };
}

/** What an id means. */
export function findById(
  database: Database,
  id: string,
): { readonly seq?: number; readonly replyIds: readonly string[] } | undefined {
  const seq = findEvent(database, id) ?? seqOfReply(database, isReply(database, id) ? id : findReplyByMessage(database, id));
  const replyId = isReply(database, id) ? id : seq === undefined ? findReplyByMessage(database, id) : replyOfEvent(database, seq);
  if (seq === undefined && replyId === undefined) return undefined;
  return { ...(seq === undefined ? {} : { seq }), replyIds: replyId === undefined ? [] : [replyId] };
}

function isReply(database: Database, id: string): boolean {
  return database.prepare("SELECT 1 FROM turns WHERE id = ?").get(id) !== undefined;
}

function seqOfReply(database: Database, id: string | undefined): number | undefined {
  if (id === undefined) return undefined;
  const seq = database.prepare("SELECT seq FROM turns WHERE id = ?").pluck().get(id) as number | null | undefined;
  return seq ?? undefined;
}

function replyOfEvent(database: Database, seq: number): string | undefined {
  const id = database.prepare("SELECT reply_id FROM events WHERE seq = ?").pluck().get(seq) as string | null | undefined;
  return id ?? undefined;
}

function findEvent(database: Database, id: string): number | undefined {
  const bySeq = database.prepare("SELECT seq FROM events WHERE seq = ?").pluck();
  if (/^\d{1,15}$/u.test(id) && bySeq.get(Number(id)) !== undefined) return Number(id);
  // One look-up a platform: the index begins with it.
  const byEventId = database.prepare("SELECT seq FROM events WHERE platform = ? AND event_id = ?").pluck();
  for (const platform of platformsOf(database)) {
    const seq = byEventId.get(platform, id) as number | undefined;
    if (seq !== undefined) return seq;
  }
  return findEventByMessage(database, id);
}

function platformsOf(database: Database): readonly string[] {
  const next = database.prepare("SELECT min(platform) FROM events WHERE platform > ?").pluck();
  const platforms: string[] = [];
  for (let last = next.get("") as string | null; last !== null; last = next.get(last) as string | null) platforms.push(last);
  return platforms;
}

function findEventByMessage(database: Database, id: string): number | undefined {
  const { message, chat } = messageIn(id);
  return database
    .prepare(
      `SELECT seq FROM (SELECT seq, body FROM events WHERE body IS NOT NULL ORDER BY seq DESC LIMIT ${maxBodiesRead})
       WHERE instr(body, @text) > 0 AND json_extract(body, '$.messageId') = @message
         AND (@chat IS NULL OR json_extract(body, '$.chat.ref.chatId') = @chat)
       ORDER BY seq DESC LIMIT 1`,
    )
    .pluck()
    .get({ text: JSON.stringify(message), message, chat }) as number | undefined;
}

/** The newest reply one of whose messages has this id. */
function findReplyByMessage(database: Database, id: string): string | undefined {
  const { message, chat } = messageIn(id);
  return database
    .prepare(
      `SELECT turn_id FROM (SELECT turn_id, body FROM parts ORDER BY turn_id DESC LIMIT ${maxBodiesRead}) AS newest
       WHERE instr(body, @text) > 0 AND EXISTS (
         SELECT 1 FROM json_each(newest.body, '$.refs') AS ref
         WHERE json_extract(ref.value, '$.messageId') = @message
           AND (@chat IS NULL OR json_extract(ref.value, '$.chatId') = @chat))
       ORDER BY turn_id DESC LIMIT 1`,
    )
    .pluck()
    .get({ text: JSON.stringify(message), message, chat }) as string | undefined;
}

/** `chat/message`, or a message alone. */
function messageIn(id: string): { readonly message: string; readonly chat: string | null } {
  const at = id.indexOf("/");
  return at < 0 ? { message: id, chat: null } : { message: id.slice(at + 1), chat: id.slice(0, at) };
}

function pageOf<T>(rows: readonly T[], limit: number, nameOf: (row: T) => string): Page<T> {
  const last = rows[limit - 1];
  return { rows: rows.slice(0, limit), ...(rows.length > limit && last !== undefined ? { next: nameOf(last) } : {}) };
}
