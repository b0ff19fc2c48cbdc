import type { Chat, MessageEvent, OtherEvent, PlatformEvent } from "@hermes/core";
import { readAddressing } from "./decode/addressing.ts";
import { attachmentsOf } from "./decode/attachments.ts";
import { channelSchema, takesThreads, type Guild } from "./decode/channels.ts";
import { decodeInteraction } from "./decode/interactions.ts";
import { contentHash, kept } from "./decode/payload.ts";
import { deletionSchema, messageSchema, reactionSchema, type RawMessage } from "./decode/payloads.ts";
import { authorOf, chatOf, chatOfMessage, commonOf, nobody, type DecodeContext } from "./decode/place.ts";
import { readable } from "./decode/readable.ts";
import { isSnowflake } from "./decode/snowflakes.ts";
import { shorten } from "./encode/shorten.ts";
import { spokenOf } from "./decode/spoken.ts";

/**
 * The events in a dispatch of the gateway, as a rule one; none for what the bot itself did, for edits that leave the text as it was,
 * and for what is only bookkeeping. Pure; never throws. What cannot be read becomes `other` with `undecodable`.
 *
 * `eventId` is what happened and Discord's own id of it, `message:<id>`, so that it is the same from the gateway and from a channel's
 * history; what has no id is named by its session and number there, or by the hash of its content.
 */
export function decodeDispatch(name: string, data: unknown, context: DecodeContext): readonly PlatformEvent[] {
  return decodeKind(name, data, context) ?? [undecodable(name, data, context)];
}

/** undefined: not as Discord describes it. */
function decodeKind(name: string, data: unknown, context: DecodeContext): readonly PlatformEvent[] | undefined {
  switch (name) {
    case "MESSAGE_CREATE":
      return decodeMessage(data, context);
    case "MESSAGE_UPDATE":
      return decodeEdit(data, context);
    case "MESSAGE_DELETE":
    case "MESSAGE_DELETE_BULK":
      return decodeDeletion(data, context);
    case "MESSAGE_REACTION_ADD":
    case "MESSAGE_REACTION_REMOVE":
      return decodeReaction(data, name === "MESSAGE_REACTION_ADD", context);
    case "INTERACTION_CREATE":
      return decodeInteraction(data, context);
    case "CHANNEL_DELETE":
    case "THREAD_DELETE":
      return decodeGone(data, context);
    default:
      return [];
  }
}

function undecodable(name: string, data: unknown, context: DecodeContext): OtherEvent {
  const { channel_id: channelId, guild_id: guildId } = (typeof data === "object" && data !== null ? data : {}) as {
    readonly channel_id?: unknown;
    readonly guild_id?: unknown;
  };
  const chat: Chat = isSnowflake(channelId)
    ? chatOf(channelId, typeof guildId === "string" ? guildId : undefined, context)
    : { ref: { platform: context.platform, chatId: "unknown" }, type: "group" };
  const common = commonOf(`undecodable:${context.botId}:${contentHash({ name, data })}`, chat, nobody, context.nowMs);
  return { ...common, type: "other", name, payload: kept(data), undecodable: true };
}

/** What people say, and what commands of other bots answer; all else Discord says itself: "joined", "pinned", "started a thread". */
const said: ReadonlySet<number> = new Set([0, 19, 20, 23]);

function decodeMessage(data: unknown, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const message = messageSchema.safeParse(data).data;
  if (message === undefined) return undefined;
  if (isOwn(message, context)) return [];
  const { text, addressed, forOthers, chat, author } = readMessage(message, context);
  const common = commonOf(`message:${message.id}`, chat, author, Date.parse(message.timestamp), message.id);
  const attachments = [
    ...attachmentsOf(message, message.channel_id, message.id),
    ...(message.message_snapshots ?? []).flatMap((snapshot) => attachmentsOf(snapshot.message, message.channel_id, message.id)),
  ];
  const isEmpty = text === "" && attachments.length === 0 && !addressed;
  if (!said.has(message.type) || isEmpty) {
    const name = said.has(message.type) ? "empty-message" : `message-type-${message.type}`;
    return [{ ...common, type: "other", name, payload: kept(data) }];
  }
  const reply = replyOf(message, chat, context);
  return [
    {
      ...common,
      type: "message",
      messageId: message.id,
      text,
      addressed,
      ...(forOthers ? { forOthers } : {}),
      attachments,
      ...reply,
    },
  ];
}

/** Answers to the bot's own commands are its own, whoever asked. */
function isOwn({ author, application_id: applicationId, webhook_id: webhookId }: RawMessage, context: DecodeContext): boolean {
  return author.id === context.botId || (webhookId !== undefined && applicationId === context.applicationId);
}

function readMessage(message: RawMessage, context: DecodeContext) {
  const { content, addressed, forOthers } = readAddressing(message, context);
  const text = spokenOf(message, readable(content, message.mentions, context.directory), context.directory);
  const place = chatOf(message.channel_id, message.guild_id, context);
  const author = authorOf(message.author, message.member, message.webhook_id !== undefined);
  const name = message.guild_id === undefined && author.name !== undefined ? { name: author.name } : {};
  const chat = { ...place, ...name };
  return {
    text,
    addressed,
    forOthers,
    author,
    chat: addressed && opensThread(message, context) ? threaded(chat, message.id, text) : chat,
  };
}

function opensThread({ channel_id: channelId, guild_id: guildId, type }: RawMessage, context: DecodeContext): boolean {
  const known = context.directory.channel(channelId);
  return context.autoThread && guildId !== undefined && said.has(type) && known !== undefined && takesThreads(known.type);
}

/** What a list of threads shows. */
const maxTitleLength = 80;

/** The thread that is opened with the first answer; it will have the message's id. */
function threaded(chat: Chat, messageId: string, text: string): Chat {
  const title = shorten(text.toWellFormed().replaceAll(/\s+/gu, " ").trim(), maxTitleLength);
  return { ...chat, ref: { ...chat.ref, threadId: messageId }, facts: { opensThread: title === "" ? "…" : title } };
}

function replyOf(message: RawMessage, chat: Chat, context: DecodeContext): Pick<MessageEvent, "replyTo"> {
  const { referenced_message: replied, message_reference: reference } = message;
  if (replied === undefined || replied === null || (reference?.channel_id ?? message.channel_id) !== message.channel_id)
    return {};
  const { threadId, ...channel } = chat.ref;
  const ref = threadId === message.id ? channel : chat.ref;
  const text = readable(replied.content, replied.mentions, context.directory);
  return {
    replyTo: {
      message: { ...ref, messageId: replied.id },
      ...(text === "" ? {} : { text }),
      ofBot: replied.author.id === context.botId,
    },
  };
}

/** A change without a time of its editing is none of its text's. */
function decodeEdit(data: unknown, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const { content, edited_timestamp: edited } = (typeof data === "object" && data !== null ? data : {}) as {
    readonly content?: unknown;
    readonly edited_timestamp?: unknown;
  };
  if (typeof data === "object" && data !== null && (content === undefined || edited === null || edited === undefined)) return [];
  const message = messageSchema.safeParse(data).data;
  if (message === undefined) return undefined;
  if (isOwn(message, context) || !said.has(message.type) || typeof message.edited_timestamp !== "string") return [];
  const { text, chat, author } = readMessage(message, context);
  const editedMs = Date.parse(message.edited_timestamp);
  const common = commonOf(`edit:${message.id}:${editedMs}`, chat, author, editedMs, message.id);
  return [{ ...common, type: "edit", messageId: message.id, text }];
}

function decodeDeletion(data: unknown, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const deletion = deletionSchema.safeParse(data).data;
  const messageIds = deletion?.ids ?? (deletion?.id === undefined ? [] : [deletion.id]);
  const [first] = messageIds;
  if (deletion === undefined || first === undefined) return undefined;
  const chat = chatOfMessage(first, deletion.channel_id, deletion.guild_id, context);
  const author = context.authorOf(first) ?? nobody;
  return [
    { ...commonOf(`delete:${first}:${messageIds.length}`, chat, author, context.nowMs, first), type: "delete", messageIds },
  ];
}

function decodeReaction(data: unknown, added: boolean, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const reaction = reactionSchema.safeParse(data).data;
  const name = reaction?.emoji.name;
  if (reaction === undefined) return undefined;
  if (reaction.user_id === context.botId) return [];
  const { message_id: messageId, channel_id: channelId, guild_id: guildId, member, user_id: userId } = reaction;
  const chat = chatOfMessage(messageId, channelId, guildId, context);
  const author = member === undefined ? { ...nobody, id: userId } : authorOf(member.user, member);
  const common = commonOf(`reaction:${context.occurrence}`, chat, author, context.nowMs, messageId);
  // A server's own emoji that was deleted since has no name.
  if (typeof name !== "string") return [{ ...common, type: "other", name: "reaction", payload: kept(data) }];
  const isCustom = typeof reaction.emoji.id === "string";
  return [{ ...common, type: "reaction", messageId, emoji: isCustom ? `:${name}:` : name, added }];
}

/** The bot cannot talk there any more. */
function decodeGone(data: unknown, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const channel = channelSchema.safeParse(data).data;
  if (channel === undefined) return undefined;
  return [goneFrom(channel.id, channel.guild_id, `channel-gone:${channel.id}`, context)];
}

/** The bot was removed from a server, with all of its channels that are known; of many, the first. */
export function decodeGuildGone(guildId: string, context: DecodeContext): readonly PlatformEvent[] {
  const channels = context.directory.channelsOf(guildId).slice(0, maxTold);
  return channels.map((id) => goneFrom(id, guildId, `guild-gone:${context.occurrence}:${id}`, context));
}

/** How many channels of a server are told of when the bot leaves it. */
const maxTold = 50;

function goneFrom(channelId: string, guildId: string | undefined, eventId: string, context: DecodeContext): PlatformEvent {
  const chat = chatOf(channelId, guildId ?? "a server", context);
  return { ...commonOf(eventId, chat, itself(context), context.nowMs), type: "membership", change: "bot-removed" };
}

/** The bot was added to a server, told of in the channel where Discord welcomes people. */
export function decodeGuildJoined(guild: Guild, context: DecodeContext): readonly PlatformEvent[] {
  const channelId = guild.systemChannelId ?? guild.channels.find(({ type }) => type === 0)?.id;
  if (channelId === undefined) return [];
  const common = commonOf(
    `guild-joined:${guild.id}:${guild.joinedMs}`,
    chatOf(channelId, guild.id, context),
    itself(context),
    context.nowMs,
  );
  return [{ ...common, type: "membership", change: "bot-added" }];
}

/** Discord does not say who added or removed it. */
function itself({ botId }: DecodeContext) {
  return { id: botId, isBot: true, assurance: "platform" } as const;
}
