import type { Route, ServerCall } from "@hermes/testkit/server";
import type { Homeserver } from "../homeserver.ts";
import { matrixError } from "../matrix-error.ts";
import { notIn } from "../rules.ts";
import { clientEvent, type Fields, type Room } from "../world.ts";

const client = "/_matrix/client/v3";

/** Coming into rooms and leaving them, and what is true of them. */
export function roomRoutes(server: Homeserver): readonly Route[] {
  const { world, sessions } = server;
  const join = (call: ServerCall, named: string): Fields => {
    const { userId } = sessions.deviceOf(call);
    const room = world.rooms.get(world.aliases.get(named) ?? named);
    if (room === undefined)
      throw matrixError(404, "M_NOT_FOUND", "Can't join remote room because no servers that are in the room have been provided.");
    const membership = world.membershipOf(room, userId);
    const isPublic = room.state.get("m.room.join_rules ")?.content["join_rule"] === "public";
    if (membership === "join") return { room_id: room.id };
    if (membership === "ban" || (membership !== "invite" && !isPublic)) {
      throw matrixError(403, "M_FORBIDDEN", "You are not invited to this room.");
    }
    world.setMembership(room, userId, userId, "join");
    return { room_id: room.id };
  };
  const inside = (call: ServerCall): Room => server.roomOf(call, sessions.deviceOf(call).userId);
  return [
    {
      method: "GET",
      path: `${client}/joined_rooms`,
      operation: "joined-rooms",
      handle(call) {
        const { userId } = sessions.deviceOf(call);
        const rooms = [...world.rooms.values()].filter((room) => world.membershipOf(room, userId) === "join");
        return { body: { joined_rooms: rooms.map(({ id }) => id) } };
      },
    },
    {
      method: "POST",
      path: `${client}/join/:room`,
      operation: "join",
      handle: (call) => ({ body: join(call, call.parameters["room"] ?? "") }),
    },
    {
      method: "POST",
      path: `${client}/rooms/:room/join`,
      operation: "join",
      handle: (call) => ({ body: join(call, call.parameters["room"] ?? "") }),
    },
    {
      method: "POST",
      path: `${client}/rooms/:room/leave`,
      operation: "leave",
      handle(call) {
        const { userId } = sessions.deviceOf(call);
        const room = world.rooms.get(call.parameters["room"] ?? "");
        if (room === undefined) throw matrixError(404, "M_NOT_FOUND", "Not a known room");
        if (!["join", "invite"].includes(world.membershipOf(room, userId))) throw notIn(userId, room.id);
        const { reason } = call.json() as { readonly reason?: unknown };
        world.setMembership(room, userId, userId, "leave", typeof reason === "string" ? { reason } : {});
        return { body: {} };
      },
    },
    {
      method: "POST",
      path: `${client}/rooms/:room/invite`,
      operation: "invite",
      handle(call) {
        const room = inside(call);
        world.setMembership(room, String((call.json() as Fields)["user_id"]), sessions.deviceOf(call).userId, "invite");
        return { body: {} };
      },
    },
    {
      method: "POST",
      path: `${client}/createRoom`,
      operation: "create-room",
      handle(call) {
        const { userId } = sessions.deviceOf(call);
        const {
          invite = [],
          is_direct: isDirect = false,
          name,
          room_version: version = "11",
        } = call.json() as {
          readonly invite?: readonly string[];
          readonly is_direct?: boolean;
          readonly name?: string;
          readonly room_version?: string;
        };
        const room = world.addRoom(userId, { version, name });
        if (server.encryptsNewRooms) {
          world.append(room, {
            type: "m.room.encryption",
            sender: userId,
            stateKey: "",
            content: { algorithm: "m.megolm.v1.aes-sha2" },
          });
        }
        for (const guest of invite) {
          if (!guest.startsWith("@")) throw matrixError(400, "M_INVALID_PARAM", `Invalid user id ${guest}`);
          world.setMembership(room, guest, userId, "invite", isDirect ? { is_direct: true } : {});
        }
        server.onDirectInvite(room, invite);
        return { body: { room_id: room.id } };
      },
    },
    {
      method: "GET",
      path: `${client}/directory/room/:alias`,
      operation: "alias",
      handle(call) {
        sessions.deviceOf(call);
        const id = world.aliases.get(call.parameters["alias"] ?? "");
        if (id === undefined) throw matrixError(404, "M_NOT_FOUND", `Room alias ${call.parameters["alias"]} not found`);
        return { body: { room_id: id, servers: [world.serverName] } };
      },
    },
    {
      method: "GET",
      path: `${client}/rooms/:room/joined_members`,
      operation: "joined-members",
      handle(call) {
        const room = inside(call);
        const entries = world.membersOf(room).map((userId) => {
          const name = world.accounts.get(userId)?.displayName;
          return [userId, name === undefined ? {} : { display_name: name }] as const;
        });
        return { body: { joined: Object.fromEntries(entries) } };
      },
    },
    {
      method: "GET",
      path: `${client}/rooms/:room/state/:type`,
      operation: "state",
      handle(call) {
        const event = inside(call).state.get(`${call.parameters["type"]} `);
        if (event === undefined) throw matrixError(404, "M_NOT_FOUND", "Event not found.");
        return { body: event.content };
      },
    },
    {
      method: "GET",
      path: `${client}/rooms/:room/event/:event`,
      operation: "event",
      handle(call) {
        const found = world.find(inside(call), call.parameters["event"] ?? "");
        if (found === undefined) throw matrixError(404, "M_NOT_FOUND", "Event not found.");
        return { body: clientEvent(found, sessions.deviceOf(call).deviceId) };
      },
    },
  ];
}
