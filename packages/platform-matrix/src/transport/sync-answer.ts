import { fieldsOf, textIn, type Fields } from "../decode/raw-event.ts";
import { isRoomId } from "../identifiers.ts";

/** What a homeserver told in one answer; the events themselves are not looked at yet. */
export interface SyncAnswer {
  /** Where the next answer goes on. */
  readonly nextBatch: string;
  readonly joined: readonly RoomNews[];
  readonly left: readonly RoomNews[];
  readonly invites: readonly RoomInvite[];
  /** `m.direct`, where it changed. */
  readonly direct: Fields | undefined;
}

/** What happened in one room. */
export interface RoomNews {
  readonly roomId: string;
  readonly state: readonly unknown[];
  readonly timeline: readonly unknown[];
  /** More happened before: what is between can be asked for from here back. */
  readonly gapBefore: string | undefined;
}

export interface RoomInvite {
  readonly roomId: string;
  readonly state: readonly unknown[];
}

const maxTokenLength = 8192;

/** Reads an answer to `/sync`; undefined for what is none. */
export function readSync(answer: Fields): SyncAnswer | undefined {
  const nextBatch = textIn(answer, "next_batch");
  if (nextBatch === undefined || nextBatch === "" || nextBatch.length > maxTokenLength) return undefined;
  const rooms = fieldsOf(answer["rooms"]);
  const direct = listIn(fieldsOf(answer["account_data"]), "events")
    .map((event) => fieldsOf(event))
    .findLast((event) => textIn(event, "type") === "m.direct");
  return {
    nextBatch,
    joined: entriesOf(rooms?.["join"]).map(newsOf),
    left: entriesOf(rooms?.["leave"]).map(newsOf),
    invites: entriesOf(rooms?.["invite"]).map(([roomId, room]) => ({
      roomId,
      state: listIn(fieldsOf(room["invite_state"]), "events"),
    })),
    direct: fieldsOf(direct?.["content"]),
  };
}

function newsOf([roomId, room]: readonly [string, Fields]): RoomNews {
  const timeline = fieldsOf(room["timeline"]);
  const previous = textIn(timeline, "prev_batch");
  return {
    roomId,
    state: listIn(fieldsOf(room["state"]), "events"),
    timeline: listIn(timeline, "events"),
    gapBefore: timeline?.["limited"] === true ? previous : undefined,
  };
}

/** A room whose name is none is left out: nothing in it could be answered. */
function entriesOf(value: unknown): readonly (readonly [string, Fields])[] {
  return Object.entries(fieldsOf(value) ?? {}).flatMap(([roomId, room]) => {
    const fields = fieldsOf(room);
    return fields === undefined || !isRoomId(roomId) ? [] : [[roomId, fields] as const];
  });
}

export function listIn(fields: Fields | undefined, key: string): readonly unknown[] {
  const list = fields?.[key];
  return Array.isArray(list) ? (list as readonly unknown[]) : [];
}
