import type { DiscordServer } from "../server.ts";

/** Dispatches that are numbered as they should be and make no sense otherwise. */
export function poisonFor(server: DiscordServer, channelId: string): Readonly<Record<string, () => void>> {
  const author = { id: "1001000000000000042", username: "ada", discriminator: "0" };
  const message = {
    id: "1456000000000000001",
    type: 0,
    channel_id: channelId,
    author,
    content: "poison",
    timestamp: "2026-01-01T00:00:00.000000+00:00",
    attachments: [],
    embeds: [],
    mentions: [],
    mention_roles: [],
  };
  const dispatches: Readonly<Record<string, readonly [string, unknown]>> = {
    "a message that is a text": ["MESSAGE_CREATE", "poison"],
    "a message that is nothing": ["MESSAGE_CREATE", null],
    "a message without a channel": ["MESSAGE_CREATE", { ...message, channel_id: undefined }],
    "a message of nobody": ["MESSAGE_CREATE", { ...message, author: null }],
    "a message with a number for its text": ["MESSAGE_CREATE", { ...message, content: 7 }],
    "a message of no time": ["MESSAGE_CREATE", { ...message, timestamp: "yesterday" }],
    "a message with an id that is a path": ["MESSAGE_CREATE", { ...message, id: "../../admin" }],
    "a message with attachments that are none": ["MESSAGE_CREATE", { ...message, attachments: { 0: "x" } }],
    "an edit with a number for its text": ["MESSAGE_UPDATE", { ...message, content: 7, edited_timestamp: message.timestamp }],
    "a deletion of nothing": ["MESSAGE_DELETE", { channel_id: channelId }],
    "a reaction to nothing": ["MESSAGE_REACTION_ADD", { channel_id: channelId, user_id: author.id, emoji: "👍" }],
    "a press of nobody": ["INTERACTION_CREATE", { id: message.id, type: 3, token: "FAKE", channel_id: channelId }],
  };
  return Object.fromEntries(
    Object.entries(dispatches).map(([name, [event, data]]) => [name, () => server.gateway.dispatch(event, data)]),
  );
}
