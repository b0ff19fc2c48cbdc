import {
  newPart,
  type Answer,
  type Chat,
  type Json,
  type Origin,
  type Part,
  type PlatformEvent,
  type Question,
  type SessionKey,
} from "@hermes/core";
import type { CutOff, EventBatch, EventIntake, JournalledTool, SessionRecord, StoredQuestion } from "@hermes/runtime";
import type { Statements } from "./statements.ts";

/** What the `events` table keeps of an intake: the event itself only where somebody was let in. */
export function eventRow({ platform, nowMs }: EventBatch, { event, verdict, rule, work }: EventIntake) {
  const waits = work.kind !== "none" && work.kind !== "change";
  return {
    platform,
    eventId: event.eventId,
    verdict,
    rule,
    atMs: nowMs,
    sessionKey: waits ? work.sessionKey : null,
    work: waits ? work.kind : null,
    state: work.kind === "answer" ? "answer" : waits ? "waiting" : "recorded",
    replyId: work.kind === "answer" ? work.turnId : null,
    body: waits ? JSON.stringify(event) : null,
    // Statements are given what SQLite knows: it has no booleans.
    joins: work.kind === "turn" && work.joins === true ? 1 : null,
  };
}

/** Parts as they are known now, over what was known before. */
export function putParts(statements: Statements, turnId: string, parts: readonly Part[]): void {
  for (const part of parts) statements.putPart.run({ turnId, index: part.index, state: part.state, body: JSON.stringify(part) });
}

/** All parts of a reply, in order. */
export function partsOf(statements: Statements, turnId: string): readonly Part[] {
  return statements.partsOf.all({ turnId }).map((row) => toPart(row.body));
}

/** A part as it was kept, perhaps by an earlier version that knew less of it. */
export function toPart(body: string): Part {
  const kept = JSON.parse(body) as Part;
  return { ...newPart(kept.index), ...kept };
}

/** The tools of a turn as they were kept. */
export function parseTools(json: string | null | undefined): readonly JournalledTool[] {
  return json === null || json === undefined ? [] : (JSON.parse(json) as JournalledTool[]);
}

/** What a turn that was cut off left open. */
export function cutOffOf(statements: Statements, turnId: string): CutOff | undefined {
  const turn = statements.turnState.get({ id: turnId });
  if (turn === undefined) return undefined;
  const shown = partsOf(statements, turnId).flatMap((part) => part.shown);
  return { turnId, shown: shown.join("\n"), ...stateOf(turn), open: parseTools(turn.tools) };
}

/** What an agent left at its last checkpoint. */
export function stateOf({ checkpoint }: { readonly checkpoint: string | null }): { readonly state?: Json } {
  return checkpoint === null ? {} : { state: JSON.parse(checkpoint) as Json };
}

/** Questions of a turn, with their answers. */
export function questionsOf(statements: Statements, turnId: string): readonly StoredQuestion[] {
  return statements.questionsOf.all({ turnId }).map(({ key, question, expiresAtMs, answer }) => ({
    key,
    question: JSON.parse(question) as Question,
    expiresAtMs,
    ...(answer === null ? {} : { answer: JSON.parse(answer) as Answer }),
  }));
}

interface PlaceRow {
  readonly chat: string | null;
  readonly origin: string | null;
  readonly body: string | null;
}

/** A notice says itself where it goes; a turn goes where its event came from. */
export function placeOf({ chat, origin, body }: PlaceRow): { readonly chat: Chat; readonly origin?: Origin } | undefined {
  if (chat !== null)
    return { chat: JSON.parse(chat) as Chat, ...(origin === null ? {} : { origin: JSON.parse(origin) as Origin }) };
  if (body === null) return undefined;
  const event = JSON.parse(body) as PlatformEvent;
  return { chat: event.chat, origin: event.origin };
}

interface SessionRow {
  readonly id: string;
  readonly key: string;
  readonly title: string | null;
  readonly chat: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly endedAtMs: number | null;
  readonly lastTurnId: string | null;
  readonly opening?: string | null;
}

/** A session as the runtime knows it. */
export function toSession(row: SessionRow): SessionRecord {
  const { id, key, title, chat, createdAtMs, updatedAtMs, endedAtMs, lastTurnId, opening = null } = row;
  return {
    id,
    key: key as SessionKey,
    ...(title === null ? {} : { title }),
    chat: JSON.parse(chat) as Chat,
    createdAtMs,
    updatedAtMs,
    ...(endedAtMs === null ? {} : { endedAtMs }),
    ...(lastTurnId === null ? {} : { lastTurnId }),
    ...(opening === null ? {} : { opening }),
  };
}
