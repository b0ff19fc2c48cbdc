import type { InlineKeyboardMarkup, ReplyParameters } from "grammy/types";
import type { Calls } from "./calls.ts";
import { failureOf, movedTo } from "./failure.ts";

/** Where something goes. */
export interface Place {
  readonly chatId: number;
  readonly threadId?: number;
}

/** What a message has beside its content. */
export interface Details {
  readonly replyTo?: Place & { readonly messageId: number };
  readonly silent: boolean;
  readonly keyboard?: InlineKeyboardMarkup;
}

/** Where a message stands that was sent. */
export interface SentMessage {
  readonly chatId: number;
  readonly messageId: number;
}

/** The fields that every sending method takes, but the chat's id. */
export function fieldsOf(place: Place, { replyTo, silent, keyboard }: Details) {
  return {
    ...threadOf(place),
    ...(silent ? { disable_notification: true } : {}),
    ...(replyTo === undefined ? {} : { reply_parameters: replyParameters(replyTo, place) }),
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  };
}

export function threadOf({ threadId }: Place): { readonly message_thread_id?: number } {
  return threadId === undefined ? {} : { message_thread_id: threadId };
}

/** The answer goes out also when what it answers is gone. */
function replyParameters(to: Place & { readonly messageId: number }, place: Place): ReplyParameters {
  const elsewhere = to.chatId === place.chatId ? {} : { chat_id: to.chatId };
  return { message_id: to.messageId, ...elsewhere, allow_sending_without_reply: true };
}

/** How a place is called in an error. */
export function named({ chatId, threadId }: Place): string {
  return threadId === undefined ? `chat ${chatId}` : `thread ${threadId} of chat ${chatId}`;
}

/** Sends to a chat, or to the supergroup that it has become. */
export async function following<Result>(place: Place, send: (chatId: number) => Promise<Result>): Promise<Result> {
  try {
    return await send(place.chatId);
  } catch (error) {
    const supergroup = movedTo(error);
    if (supergroup === undefined) throw error;
    return send(supergroup);
  }
}

/** What a success says, once it is sure that it says so. */
export function sentMessage(answer: unknown, what: string, { options }: Pick<Calls, "options">): SentMessage {
  const { message_id: messageId, chat } = (answer ?? {}) as {
    readonly message_id?: unknown;
    readonly chat?: { readonly id?: unknown };
  };
  if (typeof messageId === "number" && typeof chat?.id === "number") return { chatId: chat.id, messageId };
  throw failureOf({ kind: "unavailable" }, what, "the answer names no message", options);
}
