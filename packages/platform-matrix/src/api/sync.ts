import { part, type Answer, type Calls } from "./calls.ts";

/** What comes in. Each throws a `PlatformError` and nothing else. */
export interface SyncCalls {
  /** What happened since, or all rooms as they stand; waits for up to `timeoutMs` where nothing did. */
  sync(options: SyncOptions, signal: AbortSignal): Promise<Answer>;
  /** A page of what was said in a room before `from`, latest first, back to `to`. */
  messages(
    roomId: string,
    page: { readonly from: string; readonly to: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<Answer>;
}

export interface SyncOptions {
  readonly since: string | undefined;
  readonly timeoutMs: number;
  /** How many events of a room come at once. */
  readonly limit: number;
}

/** What is read of what happens in a room. */
const timelineTypes = [
  "m.room.message",
  "m.room.encrypted",
  "m.room.redaction",
  "m.room.member",
  "m.room.name",
  "m.room.encryption",
  "m.room.tombstone",
  "m.sticker",
  "m.reaction",
];
const stateTypes = ["m.room.name", "m.room.encryption", "m.room.member", "m.room.tombstone"];
const nothing = { not_types: ["*"] };

/** "include_redundant_members": who speaks is named each time, so that nobody's name has to be remembered here. */
const lazily = { lazy_load_members: true, include_redundant_members: true };

export function syncCalls({ request }: Calls): SyncCalls {
  return {
    async sync({ since, timeoutMs, limit }, signal) {
      const filter = {
        presence: nothing,
        account_data: { types: ["m.direct"] },
        room: {
          timeline: { limit, types: timelineTypes, ...lazily },
          state: { types: stateTypes, ...lazily },
          ephemeral: nothing,
          account_data: nothing,
        },
      };
      const query = {
        filter: JSON.stringify(filter),
        timeout: String(timeoutMs),
        // A bot that is asked is not there to be seen as "online" by that.
        set_presence: "offline",
        ...(since === undefined ? {} : { since }),
      };
      return request("ask for what is new", { method: "GET", path: "/sync", query, signal });
    },
    async messages(roomId, { from, to, limit }, signal) {
      const filter = JSON.stringify({ types: timelineTypes, ...lazily });
      const query = { dir: "b", from, to, limit: String(limit), filter };
      const path = `/rooms/${part(roomId)}/messages`;
      return request(`read back in ${roomId}`, { method: "GET", path, query, signal });
    },
  };
}
