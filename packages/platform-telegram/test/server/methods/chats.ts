import { badRequest, BotApiError } from "../bot-api-error.ts";
import type { Invocation, Payload } from "./context.ts";

const actions: ReadonlySet<unknown> = new Set([
  "typing",
  "upload_photo",
  "record_video",
  "upload_video",
  "record_voice",
  "upload_voice",
  "upload_document",
  "choose_sticker",
  "find_location",
  "record_video_note",
  "upload_video_note",
]);

export function sendChatAction({ payload, context }: Invocation): true {
  // The General topic is named 1 here, although a message sent there must not name it.
  const threadId = payload["message_thread_id"];
  context.world.writable(payload["chat_id"], Number(threadId) === 1 ? undefined : threadId);
  if (!actions.has(payload["action"])) throw badRequest("wrong parameter action in request");
  context.chatActions.push(payload);
  return true;
}

/** The reactions that Telegram has for everybody (ReactionTypeEmoji), as one text: emoji of several code points among them. */
const reactions = new Set(
  "❤ 👍 👎 🔥 🥰 👏 😁 🤔 🤯 😱 🤬 😢 🎉 🤩 🤮 💩 🙏 👌 🕊 🤡 🥱 🥴 😍 🐳 ❤‍🔥 🌚 🌭 💯 🤣 ⚡ 🍌 🏆 💔 🤨 😐 🍓 🍾 💋 🖕 😈 😴 😭 🤓 👻 👨‍💻 👀 🎃 🙈 😇 😨 🤝 ✍ 🤗 🫡 🎅 🎄 ☃ 💅 🤪 🗿 🆒 💘 🙉 🦄 😘 💊 🙊 😎 👾 🤷‍♂ 🤷 🤷‍♀ 😡".split(
    " ",
  ),
);

export function setMessageReaction({ payload, context }: Invocation): true {
  const state = context.world.writable(payload["chat_id"]);
  const messageId = Number(payload["message_id"]);
  if (!state.messages.has(messageId)) throw badRequest("message to react not found");
  const given = (payload["reaction"] ?? []) as readonly Payload[];
  // "as non-premium users, bots can set up to one reaction per message" (setMessageReaction).
  if (given.length > 1) throw badRequest("REACTIONS_TOO_MANY");
  const emojis = given.map(({ emoji }) => String(emoji));
  if (emojis.some((emoji) => !reactions.has(emoji))) throw badRequest("REACTION_INVALID");
  if (emojis.length === 0) state.reactions.delete(messageId);
  else state.reactions.set(messageId, emojis[0] ?? "");
  return true;
}

/** "Topic name, 1-128 characters" (createForumTopic). */
const maxTopicName = 128;

export function createForumTopic({ payload, context }: Invocation): unknown {
  const state = context.world.writable(payload["chat_id"]);
  const name = payload["name"];
  if (typeof name !== "string" || name.trim() === "") throw badRequest("topic name must be non-empty");
  if (name.length > maxTopicName) throw badRequest("TOPIC_TITLE_TOO_LONG");
  const isForum = state.chat.type === "private" ? context.bot.has_topics_enabled : state.chat.is_forum === true;
  if (!isForum) throw badRequest("the chat is not a forum");
  if (state.forbidsTopics) throw badRequest("not enough rights to create a topic");
  const message = context.world.store(state, { forum_topic_created: { name, icon_color: 7_322_096 } });
  state.topics.set(message.message_id, "open");
  return { message_thread_id: message.message_id, name, icon_color: 7_322_096 };
}

export function answerCallbackQuery({ payload, context }: Invocation): true {
  const id = payload["callback_query_id"];
  const text = payload["text"];
  if (typeof text === "string" && text.length > 200) throw badRequest("MESSAGE_TOO_LONG");
  if (typeof id !== "string" || !context.openCallbacks.delete(id)) {
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }
  context.answeredCallbacks.push(payload);
  return true;
}

export function setMyCommands({ payload, context }: Invocation): true {
  const commands: unknown = payload["commands"];
  if (!Array.isArray(commands)) throw badRequest("object expected as commands");
  if (commands.length > 100) throw badRequest("BOT_COMMANDS_TOO_MUCH");
  for (const { command, description } of commands as readonly Payload[]) {
    if (typeof command !== "string" || !/^[a-z0-9_]{1,32}$/u.test(command)) throw badRequest("BOT_COMMAND_INVALID");
    if (typeof description !== "string" || description === "" || description.length > 256) {
      throw badRequest("BOT_COMMAND_DESCRIPTION_INVALID");
    }
  }
  const language = payload["language_code"] ?? "";
  if (typeof language !== "string" || !/^(?:[a-z]{2})?$/u.test(language))
    throw new BotApiError(400, "Bad Request: invalid language code specified");
  context.commandLists.set(listName(payload), commands);
  return true;
}

export function getMyCommands({ payload, context }: Invocation): unknown {
  return context.commandLists.get(listName(payload)) ?? [];
}

function listName(payload: Payload): string {
  const { type = "default" } = (payload["scope"] ?? {}) as { readonly type?: string };
  const language = payload["language_code"];
  return typeof language === "string" && language !== "" ? `${type}:${language}` : type;
}
