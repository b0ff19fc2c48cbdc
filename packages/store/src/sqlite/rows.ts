import type { Chat, Origin, Part, PlatformEvent, SessionKey } from "@hermes/core";
import type { EventBatch, EventIntake, SessionRecord } from "@hermes/runtime";
import type { Statements } from "./statements.ts";

/** What the `events` table keeps of an intake: the event itself only where somebody was let in. */
export function eventRow({ platform, nowMs }: EventBatch, { event, verdict, rule, work }: EventIntake) {
  const waits = work.kind !== "none";
  return {
    platform,
    eventId: event.eventId,
    verdict,
    rule,
    atMs: nowMs,
    sessionKey: waits ? work.sessionKey : null,
    work: waits ? work.kind : null,
    state: waits ? "waiting" : "recorded",
    body: waits ? JSON.stringify(event) : null,
  };
}

/** Parts as they are known now, over what was known before. */
export function putParts(statements: Statements, turnId: string, parts: readonly Part[]): void {
  for (const part of parts) statements.putPart.run({ turnId, index: part.index, state: part.state, body: JSON.stringify(part) });
}

/** All parts of a reply, in order. */
export function partsOf(statements: Statements, turnId: string): readonly Part[] {
  return statements.partsOf.all({ turnId }).map((row) => JSON.parse(row.body) as Part);
}

/** A list of strings kept as JSON. */
export function parseList(json: string | null | undefined): readonly string[] {
  return json === null || json === undefined ? [] : (JSON.parse(json) as string[]);
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
}

/** A session as the runtime knows it. */
export function toSession({ id, key, title, chat, createdAtMs, updatedAtMs, endedAtMs }: SessionRow): SessionRecord {
  return {
    id,
    key: key as SessionKey,
    ...(title === null ? {} : { title }),
    chat: JSON.parse(chat) as Chat,
    createdAtMs,
    updatedAtMs,
    ...(endedAtMs === null ? {} : { endedAtMs }),
  };
}
