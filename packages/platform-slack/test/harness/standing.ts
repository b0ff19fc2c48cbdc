import type { Chat } from "@hermes/core";
import { parseMarkdown, toPlainText } from "@hermes/markdown";
import type { StandingMessage } from "@hermes/testkit/conformance";
import { emojiOf } from "../../src/capabilities/reaction-emojis.ts";
import { pingsIn } from "../server/blocks.ts";
import type { SlackServer } from "../server.ts";
import type { WorldMessage } from "../server/world.ts";

/** What stands in a conversation or a thread, oldest first; the root of a thread is not in it. */
export function standingIn(server: SlackServer, { ref }: Chat): readonly StandingMessage[] {
  const channel = server.world.channels.get(ref.chatId);
  if (channel === undefined) return [];
  return [...channel.messages.values()]
    .filter(({ ts, thread_ts: thread }) =>
      ref.threadId === undefined ? thread === undefined || thread === ts : thread === ref.threadId && ts !== thread,
    )
    .map((message) => describe(message, server));
}

function describe(message: WorldMessage, server: SlackServer): StandingMessage {
  const markdown = markdownOf(message);
  const reactions = [...message.reactions].filter(([, users]) => users.has(server.bot.userId)).map(([name]) => emojiOf(name));
  const buttons = (message.blocks ?? []).flatMap(
    (block) => (block["elements"] ?? []) as readonly { readonly text: { readonly text: string } }[],
  );
  return {
    messageId: message.ts,
    by: message.user === server.bot.userId ? "bot" : "person",
    text: readable(message),
    ...(markdown === undefined ? {} : { length: markdown.length }),
    pings: [...pingsIn(markdown ?? message.text)],
    files: (message.files ?? []).map(({ id }) => ({
      name: server.files.nameOf(String(id)),
      bytes: server.files.bytesOf(String(id)) ?? new Uint8Array(),
    })),
    buttons: buttons.map(({ text }) => text.text),
    reactions,
  };
}

function markdownOf({ blocks = [], wasStreamed, text }: WorldMessage): string | undefined {
  const block = blocks.find(({ type }) => type === "markdown");
  return block === undefined ? (wasStreamed === true ? text : undefined) : String(block["text"]);
}

/** As people read it. */
function readable(message: WorldMessage): string {
  const markdown = markdownOf(message);
  const text = markdown === undefined ? message.text : toPlainText(parseMarkdown(markdown));
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}
