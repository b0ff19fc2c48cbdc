import type { Author, Chat, MessageEvent } from "@hermes/core";
import { isAnnouncement } from "./channels.ts";
import type { Directory } from "./directory.ts";
import type { RawMember, RawUser } from "./payloads.ts";

/** What decoding needs to know besides the payload. */
export interface DecodeContext {
  /** The instance's id. */
  readonly platform: string;
  readonly botId: string;
  readonly applicationId: string;
  readonly directory: Directory;
  /** When the payload arrived, for those that carry no time. */
  readonly nowMs: number;
  /** Names the payload among all of its session, for what has no id of its own. */
  readonly occurrence: string;
  /** Whoever addresses the bot in a channel is answered in a thread. */
  readonly autoThread: boolean;
  /** Who wrote a message, as far as is remembered. */
  authorOf(messageId: string): Author | undefined;
}

export type Common = Pick<MessageEvent, "version" | "eventId" | "chat" | "origin" | "at">;

/** What all events share. */
export function commonOf(eventId: string, chat: Chat, author: Author, atMs: number, messageId?: string): Common {
  // A thread has the id of the message it was made from, and that stands in the channel.
  const { threadId, ...channel } = chat.ref;
  const where = messageId !== undefined && messageId === threadId ? channel : chat.ref;
  const message = messageId === undefined ? {} : { message: { ...where, messageId } };
  return { version: 1, eventId, chat, origin: { ...message, author, lifetime: "durable" }, at: new Date(atMs).toISOString() };
}

/** The chat that a channel is; a thread is one of its parent's. `guildId` is undefined in a direct message. */
export function chatOf(
  channelId: string,
  guildId: string | undefined,
  { platform, directory }: Pick<DecodeContext, "platform" | "directory">,
): Chat {
  const known = directory.channel(channelId);
  const name = known?.name === undefined ? {} : { name: known.name };
  if (guildId === undefined && known?.guildId === undefined) return { ref: { platform, chatId: channelId }, type: "dm", ...name };
  if (known?.parentId !== undefined) {
    return { ref: { platform, chatId: known.parentId, threadId: channelId }, type: "group", ...name };
  }
  const type = known !== undefined && isAnnouncement(known.type) ? "channel" : "group";
  return { ref: { platform, chatId: channelId }, type, ...name };
}

/** The chat of something that happened to a message: its thread's, where one was made from it. */
export function chatOfMessage(
  messageId: string,
  channelId: string,
  guildId: string | undefined,
  context: Pick<DecodeContext, "platform" | "directory">,
): Chat {
  const thread = context.directory.channel(messageId);
  return thread?.parentId === channelId ? chatOf(messageId, guildId, context) : chatOf(channelId, guildId, context);
}

/** A person, a bot, or a webhook, which is no person either. */
export function authorOf(user: RawUser, member?: RawMember, isWebhook = false): Author {
  const name = member?.nick ?? user.global_name ?? user.username;
  return {
    id: user.id,
    ...(name === "" ? {} : { name }),
    isBot: isWebhook || user.bot === true,
    assurance: "platform",
    ...(member === undefined ? {} : { roles: member.roles }),
  };
}

/** Somebody of whom Discord says nothing. */
export const nobody: Author = { id: "unknown", isBot: false, assurance: "platform" };
