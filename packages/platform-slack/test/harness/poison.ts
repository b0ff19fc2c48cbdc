import type { SlackServer } from "../server.ts";

/** Events that arrive as they should and make no sense otherwise. */
export function poisonFor(server: SlackServer): Readonly<Record<string, () => void>> {
  const message = {
    type: "message",
    channel: "D0ADA",
    channel_type: "im",
    user: "U0ADA",
    ts: "1767225600.000900",
    text: "poison",
  };
  const events: Readonly<Record<string, unknown>> = {
    "an event that is a text": "poison",
    "an event that is nothing": null,
    "an event without a type": { text: "poison" },
    "an event called close": { type: 7 },
    "a message without a channel": { ...message, channel: undefined },
    "a message in a channel that is none": { ...message, channel: "../../admin" },
    "a message of a number": { ...message, user: 42 },
    "a message with a number for its text": { ...message, text: 7 },
    "a message of no time": { ...message, ts: "yesterday" },
    "an edit of nothing": { ...message, subtype: "message_changed", message: null },
    "a deletion of nothing": { ...message, subtype: "message_deleted", deleted_ts: 1 },
    "a reaction to a text": { type: "reaction_added", user: "U0ADA", reaction: "+1", item: "message", event_ts: message.ts },
  };
  const envelope = (event: unknown): Readonly<Record<string, unknown>> => server.envelope("T0ONE", event);
  return {
    ...Object.fromEntries(
      Object.entries(events).map(([name, event]) => [name, () => server.deliveries.push("events_api", envelope(event))]),
    ),
    "an envelope without an event": () => server.deliveries.push("events_api", { type: "event_callback", event_id: "Ev0" }),
    "a press of nobody": () => server.deliveries.push("interactive", { type: "block_actions", actions: [] }),
    "a command without a name": () => server.deliveries.push("slash_commands", { team_id: "T0ONE", command: "", text: "x" }),
  };
}
