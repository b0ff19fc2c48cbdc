import { keptPayload, type Chat, type MessageEvent, type OtherEvent, type PlatformEvent } from "@hermes/core";
import { attachmentsOf } from "./decode/attachments.ts";
import { readAddressing } from "./decode/addressing.ts";
import { contentHash } from "./decode/payload.ts";
import { authorOf, chatAuthor, commonOf, personOf, unreadPlace, type DecodeContext } from "./decode/place.ts";
import { richText } from "./decode/rich-text.ts";
import { forwardedBy, spokenOf } from "./decode/spoken.ts";
import {
  callbackSchema,
  contentKinds,
  membershipSchema,
  messageSchema,
  reactionSchema,
  stoppedSchema,
  updateSchema,
  type TelegramMessage,
  type TelegramReaction,
} from "./decode/update.ts";

/**
 * The events in an update, as a rule one; none for what the bot itself said; several when one update changes several reactions.
 * Pure; never throws. What cannot be read becomes `other` with `undecodable`.
 *
 * `eventId` is `<bot id>:<update id>`, followed by `:1`, `:2` … for further events of one update, so that another bot under the same
 * instance name never repeats an id. An update without a number is named by the hash of its content.
 */
export function decodeUpdate(update: unknown, context: DecodeContext): readonly PlatformEvent[] {
  const envelope = updateSchema.safeParse(update);
  const kind = envelope.success ? Object.keys(envelope.data).find((key) => key !== "update_id") : undefined;
  if (!envelope.success || kind === undefined) {
    return [undecodable("update", update, `${context.botId}:${contentHash(update)}`, context)];
  }
  const eventId = `${context.botId}:${envelope.data.update_id}`;
  const content = envelope.data[kind];
  return decodeKind(kind, content, eventId, context) ?? [undecodable(kind, content, eventId, context)];
}

/** undefined: not as Telegram describes it. */
function decodeKind(
  kind: string,
  content: unknown,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  switch (kind) {
    case "message":
    case "channel_post":
      return decodeMessage(content, false, eventId, context);
    case "edited_message":
    case "edited_channel_post":
      return decodeMessage(content, true, eventId, context);
    case "callback_query":
      return decodeCallback(content, eventId, context);
    case "my_chat_member":
      return decodeMembership(content, eventId, context);
    case "message_reaction":
      return decodeReaction(content, eventId, context);
    case "stopped_message_generation":
      return decodeStop(content, eventId, context);
    default:
      return [unread(kind, content, eventId, context)];
  }
}

function unread(name: string, content: unknown, eventId: string, context: DecodeContext): OtherEvent {
  return { ...unreadPlace(content, eventId, context), type: "other", name, payload: keptPayload(content) };
}

function undecodable(name: string, content: unknown, eventId: string, context: DecodeContext): OtherEvent {
  return { ...unread(name, content, eventId, context), undecodable: true };
}

function decodeMessage(
  content: unknown,
  edited: boolean,
  eventId: string,
  context: DecodeContext,
): readonly PlatformEvent[] | undefined {
  const message = messageSchema.safeParse(content).data;
  const author = message && authorOf(message);
  if (message === undefined || author === undefined) return undefined;
  if (message.from?.id === context.botId) return [];
  const common = commonOf(message, author, eventId, context);
  const { text, addressed } = readAddressing(message, context);
  const messageId = String(message.message_id);
  const other = (name: string): readonly PlatformEvent[] => [
    { ...common, type: "other", name: edited ? `edited_${name}` : name, payload: keptPayload(content) },
  ];
  if (message.direct_messages_topic !== undefined) return other("direct_messages_topic");
  const attachments = attachmentsOf(message);
  const hasCaption = attachments.length > 0 && message.sticker === undefined;
  // A place that moves, a poll that goes on: what changed there is no text.
  if (edited)
    return text === "" && !hasCaption
      ? other(contentKind(content))
      : [{ ...common, type: "edit", messageId, text: whole(text, message) }];
  const spoken = text === "" ? spokenOf(message) : text;
  if (attachments.length === 0 && (spoken ?? "") === "") return other(contentKind(content));
  return [
    {
      ...common,
      type: "message",
      messageId,
      text: whole(spoken ?? "", message),
      addressed,
      attachments,
      ...(message.media_group_id === undefined ? {} : { albumId: message.media_group_id }),
      ...replyOf(message, common.chat, context),
    },
  ];
}

/** With a line before it that says whose words they are, if they are not the sender's. */
function whole(text: string, message: TelegramMessage): string {
  const origin = forwardedBy(message);
  return origin === undefined ? text : `${origin}\n${text}`.trim();
}

/** The field that says what a message is: Telegram puts it behind those every message has. */
function contentKind(content: unknown): string {
  const keys = Object.keys(content as object);
  return (
    keys.find((key) => contentKinds.has(key)) ??
    keys.find((key) => !(key in messageSchema.shape) && !commonFields.has(key)) ??
    "message"
  );
}
const commonFields: ReadonlySet<string> = new Set([
  "external_reply",
  "reply_to_story",
  "via_bot",
  "has_protected_content",
  "is_from_offline",
  "is_paid_post",
  "sender_boost_count",
  "sender_tag",
  "effect_id",
  "link_preview_options",
  "reply_markup",
  "show_caption_above_media",
  "has_media_spoiler",
]);

function decodeCallback(content: unknown, eventId: string, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const callback = callbackSchema.safeParse(content).data;
  if (callback === undefined) return undefined;
  const { id, message, data, from } = callback;
  // A press on a message sent by way of another bot's chat, or in a game: there is nothing it could answer.
  if (message === undefined || data === undefined) {
    return [unread("callback_query", content, eventId, context)];
  }
  const now = Math.floor(context.nowMs / 1000);
  const common = commonOf({ ...message, date: now }, personOf(from), eventId, context);
  return [{ ...common, type: "action", messageId: String(message.message_id), token: data, interaction: id }];
}

function decodeMembership(content: unknown, eventId: string, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const change = membershipSchema.safeParse(content).data;
  if (change === undefined) return undefined;
  const common = commonOf(change, personOf(change.from), eventId, context);
  const before = isIn(change.old_chat_member);
  const after = isIn(change.new_chat_member);
  if (before === after) return [{ ...common, type: "other", name: "my_chat_member", payload: keptPayload(content) }];
  return [{ ...common, type: "membership", change: after ? "bot-added" : "bot-removed" }];
}

function isIn(member: { readonly status: string; readonly is_member?: boolean | undefined }): boolean {
  return member.status === "restricted" ? member.is_member === true : member.status !== "left" && member.status !== "kicked";
}

function decodeReaction(content: unknown, eventId: string, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const change = reactionSchema.safeParse(content).data;
  const author = change?.user === undefined ? change?.actor_chat && chatAuthor(change.actor_chat) : personOf(change.user);
  if (change === undefined || author === undefined) return undefined;
  const before = emojis(change.old_reaction);
  const after = emojis(change.new_reaction);
  const changes = [
    ...before.filter((emoji) => !after.includes(emoji)).map((emoji) => ({ emoji, added: false })),
    ...after.filter((emoji) => !before.includes(emoji)).map((emoji) => ({ emoji, added: true })),
  ];
  const common = commonOf(change, author, eventId, context);
  if (changes.length === 0) return [{ ...common, type: "other", name: "message_reaction", payload: keptPayload(content) }];
  const messageId = String(change.message_id);
  return changes.map(({ emoji, added }, index) => {
    const id = index === 0 ? eventId : `${eventId}:${index}`;
    return Object.assign({}, common, { type: "reaction" as const, eventId: id, messageId, emoji, added });
  });
}

/** Only private chats have drafts: whoever stopped one is the person the chat is with. */
function decodeStop(content: unknown, eventId: string, context: DecodeContext): readonly PlatformEvent[] | undefined {
  const stopped = stoppedSchema.safeParse(content).data;
  if (stopped?.chat.type !== "private") return undefined;
  const { chat, message_thread_id: thread } = stopped;
  const place = {
    chat,
    date: Math.floor(context.nowMs / 1000),
    message_thread_id: thread,
    is_topic_message: thread !== undefined,
  };
  return [{ ...commonOf(place, chatAuthor(chat), eventId, context), type: "control", control: "stop" }];
}

/** A group's own emoji has no character: it is left out. */
function emojis(reactions: readonly TelegramReaction[]): readonly string[] {
  return reactions.flatMap(({ type, emoji }) => (emoji !== undefined ? [emoji] : type === "paid" ? ["⭐"] : []));
}

/** In a topic, a message that answers nothing seems to answer the topic's beginning. */
function replyOf(message: TelegramMessage, chat: Chat, context: DecodeContext): Pick<MessageEvent, "replyTo"> {
  const replied = message.reply_to_message;
  if (replied === undefined || replied.forum_topic_created !== undefined) return {};
  const text =
    message.quote?.text ?? replied.text ?? replied.caption ?? (replied.rich_message && richText(replied.rich_message.blocks));
  const ofBot = replied.from?.id === context.botId && replied.sender_chat === undefined;
  const ref = { ...chat.ref, messageId: String(replied.message_id) };
  return { replyTo: { message: ref, ...(text === undefined ? {} : { text }), ofBot } };
}
