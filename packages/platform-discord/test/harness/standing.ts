import type { StandingMessage } from "@hermes/testkit/conformance";
import { readMarkdown, type DiscordServer, type Message } from "../server.ts";

/** What stands in a channel or thread, oldest first. */
export function standingIn(server: DiscordServer, channelId: string): readonly StandingMessage[] {
  return server.world.in(channelId).map((message) => describe(message, server));
}

function describe(message: Message, { world }: DiscordServer): StandingMessage {
  return {
    messageId: message.id,
    by: message.author.id === world.bot.id ? "bot" : "person",
    text: readMarkdown(message.content),
    length: Array.from(message.content).length,
    pings: message.pings,
    silent: (message.flags & (1 << 12)) !== 0,
    ...(message.message_reference === undefined ? {} : { quotes: message.message_reference.message_id }),
    files: message.files.map(({ name, bytes }) => ({ name, bytes })),
    buttons: message.components.flatMap((row) =>
      (row as { components: { label: string }[] }).components.map(({ label }) => label),
    ),
    reactions: [...message.reactions].flatMap(([emoji, users]) => (users.has(world.bot.id) ? [emoji] : [])),
  };
}
