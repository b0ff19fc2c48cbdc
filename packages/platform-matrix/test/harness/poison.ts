import type { Homeserver, Room } from "../server.ts";

/** What a broken or hostile server may put into a timeline. */
export function poisonFor(server: Homeserver, room: Room): Readonly<Record<string, () => void>> {
  let count = 0;
  const event = (): Readonly<Record<string, unknown>> => {
    count += 1;
    return {
      event_id: `$poison${count}`,
      type: "m.room.message",
      sender: "@ada:example.org",
      origin_server_ts: server.nowMs(),
      content: { msgtype: "m.text", body: "poison" },
    };
  };
  const relating = (relation: unknown): Readonly<Record<string, unknown>> => ({
    ...event(),
    type: "m.reaction",
    content: { "m.relates_to": relation },
  });
  const makers: Readonly<Record<string, () => unknown>> = {
    "an event that is a text": () => "poison",
    "an event that is nothing": () => null,
    "an event that is a list": () => [event()],
    "an event without an id": () => ({ ...event(), event_id: undefined }),
    "an event whose id is a number": () => ({ ...event(), event_id: 7 }),
    "an event of nobody": () => ({ ...event(), sender: undefined }),
    "an event of somebody who is none": () => ({ ...event(), sender: "ada" }),
    "an event without a content": () => ({ ...event(), content: undefined }),
    "an event of no time": () => ({ ...event(), origin_server_ts: "yesterday" }),
    "an event of the far future": () => ({ ...event(), origin_server_ts: 8.64e15 }),
    "a message without a text": () => ({ ...event(), content: { msgtype: "m.text" } }),
    "a message with a number for its text": () => ({ ...event(), content: { msgtype: "m.text", body: 7 } }),
    "a message of no kind": () => ({ ...event(), content: { body: "poison" } }),
    "an edit to nothing": () => ({
      ...event(),
      content: { "m.relates_to": { rel_type: "m.replace", event_id: "$gone" }, msgtype: "m.text", body: "*" },
    }),
    "a reaction to nothing": () => relating({ rel_type: "m.annotation", key: "👍" }),
    "a reaction without an emoji": () => relating({ rel_type: "m.annotation", event_id: "$one" }),
    "a redaction of nothing": () => ({ ...event(), type: "m.room.redaction", content: {} }),
    "a membership of nobody": () => ({ ...event(), type: "m.room.member", content: { membership: "ban" } }),
  };
  return Object.fromEntries(Object.entries(makers).map(([name, make]) => [name, () => server.world.poison(room, make())]));
}
