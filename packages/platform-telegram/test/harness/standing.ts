import type { Chat } from "@hermes/core";
import type { StandingMessage } from "@hermes/testkit/conformance";
import type { Message } from "grammy/types";
import { readableText, type ChatState } from "../server/world.ts";
import type { BotApiServer } from "../server.ts";

/** What stands in a chat or topic, oldest first; the notes that Telegram itself puts there are left out. */
export function standingIn(server: BotApiServer, { ref }: Chat): readonly StandingMessage[] {
  const state = server.world.chats.get(Number(ref.chatId));
  if (state === undefined) return [];
  return [...state.messages.values()]
    .filter((message) => String(message.message_thread_id ?? "") === (ref.threadId ?? ""))
    .filter((message) => message.forum_topic_created === undefined)
    .map((message) => describe(message, state, server));
}

function describe(message: Message, state: ChatState, server: BotApiServer): StandingMessage {
  const text = readableText(message)[0] ?? message.caption ?? "";
  const isRich = "rich_message" in message;
  const reaction = state.reactions.get(message.message_id);
  return {
    messageId: String(message.message_id),
    by: message.from?.id === server.bot.id ? "bot" : "person",
    text,
    // A rich message may be counted as shorter than `measure` says: what is a text on older servers has to fit there, too.
    ...(isRich ? {} : { length: text.length }),
    pings: pingsOf(message),
    silent: state.silent.has(message.message_id),
    ...(message.reply_to_message === undefined ? {} : { quotes: String(message.reply_to_message.message_id) }),
    files: fileIds(message).map((id) => server.files.find(id)),
    buttons: message.reply_markup?.inline_keyboard.flat().map(({ text }) => text) ?? [],
    reactions: reaction === undefined ? [] : [reaction],
  };
}

const usernames: ReadonlyMap<string, string> = new Map([["@ada_lovelace", "42"]]);

/** Whom a message notifies by name: a mention that Telegram finds by itself, and a link to a person. */
function pingsOf(message: Message): readonly string[] {
  const text = message.text ?? message.caption ?? "";
  return [...(message.entities ?? []), ...(message.caption_entities ?? [])].flatMap((entity) => {
    if (entity.type === "text_mention") return [String(entity.user.id)];
    if (entity.type === "text_link") return /^tg:\/\/user\?id=(\d+)$/u.exec(entity.url)?.[1] ?? [];
    if (entity.type !== "mention") return [];
    const name = text.slice(entity.offset, entity.offset + entity.length);
    return usernames.get(name) ?? name;
  });
}

/** The files of a message; of a photo the largest. */
function fileIds(message: Message): readonly string[] {
  const { photo, document, voice, video, audio, animation, sticker } = message;
  const file = photo?.at(-1) ?? animation ?? document ?? voice ?? video ?? audio ?? sticker;
  return file === undefined ? [] : [file.file_id];
}
