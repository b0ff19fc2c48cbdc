import type { Chat, PlatformError } from "@hermes/core";
import type { Api } from "../api.ts";
import { chatOf } from "../decode/place.ts";
import { isUserId } from "../identifiers.ts";
import type { Rooms } from "../rooms.ts";
import { refusal } from "./places.ts";

export interface DirectChatOptions {
  readonly platform: string;
  readonly api: Pick<Api, "createDirect" | "joinedRooms" | "members">;
  readonly rooms: Rooms;
  /** What is thrown where a homeserver encrypts what is opened. */
  readonly encrypted: () => PlatformError;
}

/** Opens direct chats; two wishes for the same one open one. */
export function directChats({ platform, api, rooms, encrypted }: DirectChatOptions): (userId: string) => Promise<Chat> {
  const opening = new Map<string, Promise<Chat>>();
  const existing = async (userId: string): Promise<string | undefined> => {
    const joined = new Set(await api.joinedRooms());
    for (const roomId of rooms.directWith(userId).toReversed()) {
      if (!joined.has(roomId)) continue;
      const { isDirect, isEncrypted } = await rooms.facts(roomId);
      // Whoever left does not hear what is said there.
      if (isDirect && !isEncrypted && (await api.members(roomId)).includes(userId)) return roomId;
    }
    return undefined;
  };
  const open = async (userId: string): Promise<Chat> => {
    // It also makes sure that the list of direct chats is known.
    await rooms.loadDirect();
    let roomId = await existing(userId);
    if (roomId === undefined) {
      roomId = await api.createDirect(userId);
      rooms.noteDirect(roomId, userId);
      await rooms.saveDirect(roomId, userId);
    }
    const room = await rooms.facts(roomId);
    // Some homeservers encrypt what is opened for two.
    if (room.isEncrypted) throw encrypted();
    return { ...chatOf({ platform, room: { ...room, isDirect: true } }), type: "dm" };
  };
  return async (userId) => {
    if (!isUserId(userId)) throw refusal(platform, "open a direct chat", "the user id is none of Matrix's");
    const running = opening.get(userId) ?? open(userId).finally(() => opening.delete(userId));
    opening.set(userId, running);
    return running;
  };
}
