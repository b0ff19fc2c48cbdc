import { fieldsOf, readEvent, textIn } from "../decode/raw-event.ts";
import type { RoomFacts } from "../decode/place.ts";
import { isRoomId, serverOf } from "../identifiers.ts";

/** A room that goes on as another one. */
export interface RoomUpgrade {
  readonly roomId: string;
  /** Who says so: homeservers let nobody say it who may not. */
  readonly sender: string;
  /** The event that says it. */
  readonly eventId: string;
  readonly isDirect: boolean;
  /** A server that knows the new room. */
  readonly via: string;
  readonly name: string | undefined;
}

/** The room that goes on in place of this one, if this event says so. */
export function upgradeIn(raw: unknown, room: RoomFacts, botId: string): RoomUpgrade | undefined {
  const event = readEvent(raw);
  if (event?.type !== "m.room.tombstone" || event.stateKey !== "" || event.sender === botId) return undefined;
  const roomId = textIn(fieldsOf(event.content), "replacement_room");
  if (roomId === undefined || !isRoomId(roomId) || roomId === room.roomId) return undefined;
  const { id: eventId, sender } = event;
  return { roomId, sender, eventId, isDirect: room.isDirect, via: serverOf(sender), name: room.name };
}
