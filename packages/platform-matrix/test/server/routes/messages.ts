import type { Route, ServerCall } from "@hermes/testkit/server";
import type { Homeserver } from "../homeserver.ts";
import { matrixError } from "../matrix-error.ts";
import { checkEvent } from "../rules.ts";
import type { Device } from "../sessions.ts";
import { clientEvent, eventsIn, type Fields, type Room } from "../world.ts";

const client = "/_matrix/client/v3";

/** What is said and done in rooms. */
export function messageRoutes(server: Homeserver): readonly Route[] {
  const { world, sessions } = server;
  const inside = (call: ServerCall): { readonly room: Room; readonly device: Device } => {
    const device = sessions.deviceOf(call);
    return { room: server.roomOf(call, device.userId), device };
  };
  /** The same answer for the same transaction of one device. */
  const once = (call: ServerCall, device: Device, act: () => string): Fields => {
    const key = `${device.userId} ${device.deviceId} ${call.url.pathname}`;
    const eventId = server.transactions.get(key) ?? act();
    server.transactions.set(key, eventId);
    return { event_id: eventId };
  };
  return [
    {
      method: "PUT",
      path: `${client}/rooms/:room/send/:type/:transaction`,
      operation: "send",
      handle(call) {
        const { room, device } = inside(call);
        const { type = "", transaction: id = "" } = call.parameters;
        const content = call.json() as Fields;
        const body = once(call, device, () => {
          server.rates.take(device.userId, server.nowMs());
          checkEvent(world, room, device.userId, type, content);
          const transaction = { deviceId: device.deviceId, id };
          return world.append(room, { type, sender: device.userId, content, transaction }).event_id;
        });
        return { body };
      },
    },
    {
      method: "PUT",
      path: `${client}/rooms/:room/redact/:event/:transaction`,
      operation: "redact",
      handle(call) {
        const { room, device } = inside(call);
        const { event: eventId = "", transaction: id = "" } = call.parameters;
        const target = world.find(room, eventId);
        if (target === undefined) throw matrixError(404, "M_NOT_FOUND", "Could not find event");
        const levels = room.state.get("m.room.power_levels ")?.content as {
          users?: Readonly<Record<string, number>>;
          redact?: number;
        };
        const level = levels.users?.[device.userId] ?? 0;
        if (target.sender !== device.userId && level < (levels.redact ?? 50)) {
          throw matrixError(403, "M_FORBIDDEN", "You don't have permission to redact events");
        }
        return {
          body: once(call, device, () => world.redact(room, eventId, device.userId, { deviceId: device.deviceId, id }).event_id),
        };
      },
    },
    {
      method: "GET",
      path: "/_matrix/client/v1/rooms/:room/relations/:event/:kind/:type",
      operation: "relations",
      handle(call) {
        const { room, device } = inside(call);
        const { event: eventId, kind, type } = call.parameters;
        const limit = Number(call.url.searchParams.get("limit") ?? 5);
        const related = eventsIn(room).filter((event) => {
          const relation = event.content["m.relates_to"] as Fields | undefined;
          return event.type === type && relation?.["rel_type"] === kind && relation?.["event_id"] === eventId;
        });
        return {
          body: {
            chunk: related
              .toReversed()
              .slice(0, limit)
              .map((event) => clientEvent(event, device.deviceId)),
          },
        };
      },
    },
    {
      method: "PUT",
      path: `${client}/rooms/:room/typing/:user`,
      operation: "typing",
      handle(call) {
        const { room, device } = inside(call);
        if (call.parameters["user"] !== device.userId)
          throw matrixError(403, "M_FORBIDDEN", "Cannot set another user's typing state");
        const { typing, timeout } = call.json() as { readonly typing: unknown; readonly timeout?: unknown };
        if (typing === true && typeof timeout !== "number") throw matrixError(400, "M_BAD_JSON", "timeout is missing");
        if (typing === true) room.typing.set(device.userId, server.nowMs() + Number(timeout));
        else room.typing.delete(device.userId);
        return { body: {} };
      },
    },
    {
      method: "POST",
      path: `${client}/rooms/:room/receipt/:type/:event`,
      operation: "receipt",
      handle(call) {
        const { room, device } = inside(call);
        const { event: eventId = "", type = "" } = call.parameters;
        if (!["m.read", "m.read.private", "m.fully_read"].includes(type))
          throw matrixError(400, "M_INVALID_PARAM", "Receipt type must be known");
        const event = world.find(room, eventId);
        if (event === undefined) throw matrixError(404, "M_NOT_FOUND", "Event not found");
        const { thread_id: threadId } = call.json() as { readonly thread_id?: unknown };
        if (threadId !== undefined && (typeof threadId !== "string" || threadId === ""))
          throw matrixError(400, "M_INVALID_PARAM", "thread_id must be a non-empty string");
        const relation = event.content["m.relates_to"] as Fields | undefined;
        const thread = relation?.["rel_type"] === "m.thread" ? relation["event_id"] : "main";
        if (threadId !== undefined && threadId !== thread)
          throw matrixError(400, "M_INVALID_PARAM", "event_id is not related to thread_id");
        server.receipts.push({ userId: device.userId, roomId: room.id, eventId, threadId });
        return { body: {} };
      },
    },
  ];
}
