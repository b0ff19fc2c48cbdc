import type { Author, Chat, MessageEvent, Origin } from "@hermes/core";
import { placeSchema, type TelegramChat, type TelegramMessage, type TelegramUser } from "./update.ts";

/** What decoding needs to know besides the update. */
export interface DecodeContext {
  /** The instance's id. */
  readonly platform: string;
  readonly botId: number;
  /** Without it, mentions and commands that name the bot are not recognised as its own. */
  readonly botName: string | undefined;
  /** When the update arrived, for those that carry no date. */
  readonly nowMs: number;
}

export type Common = Pick<MessageEvent, "version" | "eventId" | "chat" | "origin" | "at">;

/** Accounts that stand for whoever speaks as a chat: shared by all Telegram, so they identify nobody. */
const sharedAccounts: ReadonlySet<number> = new Set([1_087_968_824, 136_817_688, 777_000]);
/** The General topic's number; it is sent to without one. */
const generalTopic = 1;

/** What all events share. */
export function commonOf(
  place: Pick<TelegramMessage, "chat" | "date" | "edit_date" | "message_thread_id" | "is_topic_message"> & {
    readonly message_id?: number;
  },
  author: Author,
  eventId: string,
  context: DecodeContext,
): Common {
  const chat = chatOf(place, context);
  const message = place.message_id === undefined ? {} : { message: { ...chat.ref, messageId: String(place.message_id) } };
  const origin: Origin = { ...message, author, lifetime: "durable" };
  return { version: 1, eventId, chat, origin, at: new Date((place.edit_date ?? place.date) * 1000).toISOString() };
}

/** Outside topics `message_thread_id` names a chain of replies, which cannot be sent to. */
function chatOf(place: Pick<TelegramMessage, "chat" | "message_thread_id" | "is_topic_message">, context: DecodeContext): Chat {
  const { chat, message_thread_id: thread, is_topic_message: isTopic } = place;
  const threadId = isTopic === true && thread !== undefined && thread !== generalTopic ? { threadId: String(thread) } : {};
  const name = chat.title ?? fullName(chat);
  return {
    ref: { platform: context.platform, chatId: String(chat.id), ...threadId },
    type: chat.type === "private" ? "dm" : chat.type === "channel" ? "channel" : "group",
    ...(name === undefined ? {} : { name }),
    ...(chat.is_forum === true && chat.type !== "private" ? { facts: { isForum: true } } : {}),
  };
}

/** Who speaks: a chat where somebody speaks as one (a channel, an anonymous administrator), else the person. */
export function authorOf(message: TelegramMessage): Author | undefined {
  const { sender_chat: senderChat, from } = message;
  if (senderChat !== undefined) return chatAuthor(senderChat, message.author_signature);
  if (from === undefined) return undefined;
  if (!sharedAccounts.has(from.id)) return personOf(from);
  return message.chat.type === "private" ? undefined : chatAuthor(message.chat);
}

/** A chat's id is below zero: it can never be taken for a person's. */
export function chatAuthor(chat: TelegramChat, signature?: string): Author {
  const name = signature ?? chat.title ?? fullName(chat);
  return { id: String(chat.id), ...(name === undefined ? {} : { name }), isBot: false, assurance: "platform" };
}

/** A person or a bot. */
export function personOf(user: TelegramUser): Author {
  const name = fullName(user);
  return { id: String(user.id), ...(name === undefined ? {} : { name }), isBot: user.is_bot, assurance: "platform" };
}

function fullName(named: {
  readonly first_name?: string | undefined;
  readonly last_name?: string | undefined;
}): string | undefined {
  const name = [named.first_name, named.last_name].filter((part) => part !== undefined && part !== "").join(" ");
  return name === "" ? undefined : name;
}

/** As much as can be told of an update that is not read further. */
export function unreadPlace(content: unknown, eventId: string, context: DecodeContext): Common {
  const { chat, from, user, message } = (typeof content === "object" && content !== null ? content : {}) as Record<
    string,
    unknown
  >;
  const inner = (typeof message === "object" && message !== null ? message : {}) as Record<string, unknown>;
  const place = placeSchema.safeParse({ chat: chat ?? inner["chat"], from: from ?? user ?? undefined }).data;
  const author = place?.from === undefined ? nobody : personOf(place.from);
  const date = Math.floor(context.nowMs / 1000);
  if (place !== undefined) return commonOf({ chat: place.chat, date }, author, eventId, context);
  const nowhere: Chat = { ref: { platform: context.platform, chatId: "unknown" }, type: "group" };
  return { version: 1, eventId, chat: nowhere, origin: { author, lifetime: "durable" }, at: new Date(date * 1000).toISOString() };
}

/** An id that no person and no chat has. */
const nobody: Author = { id: "unknown", isBot: false, assurance: "platform" };
