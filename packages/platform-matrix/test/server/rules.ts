import { matrixError } from "./matrix-error.ts";
import { eventsIn, type Fields, type Room, type World } from "./world.ts";

/** "The complete event MUST NOT be larger than 65536 bytes" (client-server API, Size limits). */
const maxEventBytes = 65_536;

/** What servers put around what a client sends. */
const envelope = {
  auth_events: Array.from({ length: 8 }, (_, index) => `$${"a".repeat(42)}${index}`),
  prev_events: Array.from({ length: 10 }, (_, index) => `$${"p".repeat(42)}${index}`),
  depth: 1_000_000,
  hashes: { sha256: "h".repeat(43) },
  origin_server_ts: 1_767_225_600_000,
  signatures: { "example.org": { "ed25519:a_key": "s".repeat(86) } },
  unsigned: {},
};

/** Throws what a homeserver answers to an event that it does not take. */
export function checkEvent(world: World, room: Room, sender: string, type: string, content: Fields): void {
  if (world.membershipOf(room, sender) !== "join") throw notIn(sender, room.id);
  checkNumbers(content);
  const size = Buffer.byteLength(JSON.stringify({ ...envelope, type, sender, room_id: room.id, content }));
  if (size > maxEventBytes) throw matrixError(413, "M_TOO_LARGE", "event too large");
  for (const key of ["body", "msgtype"]) {
    if (type === "m.room.message" && typeof content[key] !== "string")
      throw matrixError(400, "M_BAD_JSON", `${key} not a string`);
  }
  checkMentions(content);
  checkPower(room, sender, type);
  checkRelation(world, room, sender, type, content);
}

export function notIn(userId: string, roomId: string): Error {
  return matrixError(403, "M_FORBIDDEN", `User ${userId} not in room ${roomId}`);
}

/** Canonical JSON has whole numbers alone (appendices, Canonical JSON). */
function checkNumbers(value: unknown): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw matrixError(400, "M_BAD_JSON", "Bad JSON value: float");
  if (typeof value === "object" && value !== null) for (const inner of Object.values(value)) checkNumbers(inner);
}

function checkMentions(content: Fields): void {
  const mentions = content["m.mentions"];
  if (mentions === undefined) return;
  const { user_ids: users = [], room = false } = mentions as { user_ids?: unknown; room?: unknown };
  const isList = Array.isArray(users) && users.every((user) => typeof user === "string" && user.startsWith("@"));
  if (!isList || typeof room !== "boolean") throw matrixError(400, "M_BAD_JSON", "m.mentions is malformed");
}

function checkPower(room: Room, sender: string, type: string): void {
  const levels = (room.state.get("m.room.power_levels ")?.content ?? {}) as {
    users?: Readonly<Record<string, number>>;
    users_default?: number;
    events?: Readonly<Record<string, number>>;
    events_default?: number;
  };
  const level = levels.users?.[sender] ?? levels.users_default ?? 0;
  const wanted = levels.events?.[type] ?? levels.events_default ?? 0;
  if (level < wanted)
    throw matrixError(
      403,
      "M_FORBIDDEN",
      `You don't have permission to post that to the room. user_level (${level}) < send_level (${wanted})`,
    );
}

function checkRelation(world: World, room: Room, sender: string, type: string, content: Fields): void {
  const relation = content["m.relates_to"] as Fields | undefined;
  const [kind, target] = [relation?.["rel_type"], relation?.["event_id"]];
  if (kind === undefined) return;
  if (typeof target !== "string" || !target.startsWith("$")) throw matrixError(400, "M_UNKNOWN", "Relation has no event");
  if (kind === "m.annotation") {
    const isThere = eventsIn(room).some((event) => {
      const other = event.content["m.relates_to"] as Fields | undefined;
      return (
        event.sender === sender && event.type === type && other?.["event_id"] === target && other["key"] === relation?.["key"]
      );
    });
    if (isThere) throw matrixError(400, "M_DUPLICATE_ANNOTATION", "Can't send same reaction twice");
  }
  const parent = world.find(room, target)?.content["m.relates_to"] as Fields | undefined;
  if (kind === "m.thread" && parent?.["rel_type"] !== undefined) {
    throw matrixError(400, "M_UNKNOWN", "Cannot start threads from an event with a relation");
  }
}
