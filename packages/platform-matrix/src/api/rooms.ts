import { part, type Answer, type Calls } from "./calls.ts";
import { failureOf } from "./failure.ts";
import { orMissing } from "./messages.ts";

/** Rooms, and the account's own data about them. Each throws a `PlatformError` and nothing else. */
export interface RoomCalls {
  /** `via`: a server that knows the room, where the own one may not. */
  join(roomId: string, via: string | undefined, signal: AbortSignal): Promise<void>;
  /** Leaves a room or rejects an invitation; `reason` is shown to people. */
  leave(roomId: string, reason: string | undefined, signal: AbortSignal): Promise<void>;
  joinedRooms(signal?: AbortSignal): Promise<readonly string[]>;
  /** The ids of those who are in it. */
  members(roomId: string, signal?: AbortSignal): Promise<readonly string[]>;
  /** The content of one piece of a room's state; undefined where it has none. */
  state(roomId: string, type: string, signal?: AbortSignal): Promise<Answer | undefined>;
  resolveAlias(alias: string, signal?: AbortSignal): Promise<string>;
  /** Opens a room for two, and returns its id. */
  createDirect(userId: string): Promise<string>;
  /** Which rooms are direct chats with whom (`m.direct`). */
  directRooms(signal?: AbortSignal): Promise<Answer>;
  setDirectRooms(rooms: Answer): Promise<void>;
  /** What people call this account. */
  displayName(signal: AbortSignal): Promise<string | undefined>;
}

export function roomCalls({ request, caller, userId }: Calls): RoomCalls {
  const directPath = `/user/${part(userId)}/account_data/m.direct`;
  return {
    async join(roomId, via, signal) {
      const call = { method: "POST", body: {}, signal } as const;
      if (via === undefined) await request(`join ${roomId}`, { ...call, path: `/rooms/${part(roomId)}/join` });
      // Homeservers before Matrix 1.12 know the older name of it alone.
      else await request(`join ${roomId}`, { ...call, path: `/join/${part(roomId)}`, query: { via, server_name: via } });
    },
    async leave(roomId, reason, signal) {
      const body = reason === undefined ? {} : { reason };
      await request(`leave ${roomId}`, { method: "POST", path: `/rooms/${part(roomId)}/leave`, body, signal });
    },
    async joinedRooms(signal) {
      const { joined_rooms: rooms } = await request("list the rooms", { method: "GET", path: "/joined_rooms", signal });
      return Array.isArray(rooms) ? rooms.filter((room) => typeof room === "string") : [];
    },
    async members(roomId, signal) {
      const path = `/rooms/${part(roomId)}/joined_members`;
      const { joined } = (await orMissing(request(`list who is in ${roomId}`, { method: "GET", path, signal }))) ?? {};
      return typeof joined === "object" && joined !== null ? Object.keys(joined) : [];
    },
    async state(roomId, type, signal) {
      const path = `/rooms/${part(roomId)}/state/${part(type)}`;
      return orMissing(request(`look at ${roomId}`, { method: "GET", path, signal }));
    },
    async resolveAlias(alias, signal) {
      const what = `find ${alias}`;
      const { room_id: id } = await request(what, { method: "GET", path: `/directory/room/${part(alias)}`, signal });
      if (typeof id === "string") return id;
      throw failureOf({ kind: "unavailable" }, what, "the answer names no room", caller);
    },
    async createDirect(other) {
      const body = { preset: "trusted_private_chat", is_direct: true, invite: [other] };
      const what = `open a direct chat with ${other}`;
      const { room_id: id } = await request(what, { method: "POST", path: "/createRoom", body });
      if (typeof id === "string") return id;
      throw failureOf({ kind: "unavailable" }, what, "the answer names no room", caller);
    },
    async directRooms(signal) {
      return (await orMissing(request("list the direct chats", { method: "GET", path: directPath, signal }))) ?? {};
    },
    async setDirectRooms(rooms) {
      await request("note a direct chat", { method: "PUT", path: directPath, body: rooms });
    },
    async displayName(signal) {
      const path = `/profile/${part(userId)}/displayname`;
      const { displayname: name } = (await orMissing(request("look at its own profile", { method: "GET", path, signal }))) ?? {};
      return typeof name === "string" && name !== "" ? name : undefined;
    },
  };
}
