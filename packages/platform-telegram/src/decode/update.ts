import { z } from "zod";

// What the adapter reads of Telegram's updates. Everything else in them is passed over; ids are whole numbers below 2^53.

const user = z.object({
  id: z.int(),
  is_bot: z.boolean(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
});

/** Unix time in seconds, within what a calendar can show. */
const date = z.int().min(0).max(253_402_300_799);

const chat = z.object({
  id: z.int(),
  type: z.enum(["private", "group", "supergroup", "channel"]),
  title: z.string().optional(),
  first_name: z.string().optional(),
  last_name: z.string().optional(),
  is_forum: z.boolean().optional(),
});

const entity = z.object({
  type: z.string(),
  offset: z.int().nonnegative(),
  length: z.int().nonnegative(),
  user: z.object({ id: z.int() }).optional(),
});

const repliedMessage = z.object({
  message_id: z.int(),
  from: user.optional(),
  sender_chat: chat.optional(),
  text: z.string().optional(),
  caption: z.string().optional(),
  forum_topic_created: z.unknown().optional(),
  rich_message: z.object({ blocks: z.array(z.unknown()) }).optional(),
});

const file = z.object({
  file_id: z.string().min(1),
  file_unique_id: z.string(),
  file_size: z.int().nonnegative().optional(),
  file_name: z.string().optional(),
  mime_type: z.string().optional(),
});

const location = z.object({ latitude: z.number(), longitude: z.number() });

/** What a message carries besides text, as far as it is read. A newer form of any of it is passed over: the words beside it count. */
const contents = {
  photo: z
    .array(file.extend({ width: z.number(), height: z.number() }))
    .optional()
    .catch(undefined),
  animation: file.optional().catch(undefined),
  video: file.optional().catch(undefined),
  video_note: file.optional().catch(undefined),
  voice: file.optional().catch(undefined),
  audio: file.optional().catch(undefined),
  document: file.optional().catch(undefined),
  sticker: file
    .extend({ emoji: z.string().optional(), is_animated: z.boolean(), is_video: z.boolean() })
    .optional()
    .catch(undefined),
  location: location.optional().catch(undefined),
  venue: z.object({ location, title: z.string(), address: z.string() }).optional().catch(undefined),
  contact: z
    .object({ phone_number: z.string(), first_name: z.string(), last_name: z.string().optional() })
    .optional()
    .catch(undefined),
  poll: z
    .object({ question: z.string(), options: z.array(z.object({ text: z.string() })) })
    .optional()
    .catch(undefined),
  dice: z.object({ emoji: z.string(), value: z.number() }).optional().catch(undefined),
  game: z.object({ title: z.string() }).optional().catch(undefined),
  checklist: z
    .object({ title: z.string(), tasks: z.array(z.object({ text: z.string(), completion_date: z.int().optional() })) })
    .optional()
    .catch(undefined),
  rich_message: z
    .object({ blocks: z.array(z.unknown()) })
    .optional()
    .catch(undefined),
};

/** A message of any kind. */
export const messageSchema = z.object({
  message_id: z.int().positive(),
  date,
  edit_date: date.optional(),
  chat,
  from: user.optional(),
  sender_chat: chat.optional(),
  author_signature: z.string().optional(),
  message_thread_id: z.int().optional(),
  is_topic_message: z.boolean().optional(),
  direct_messages_topic: z.unknown().optional(),
  text: z.string().optional(),
  entities: z.array(entity).optional(),
  caption: z.string().optional(),
  caption_entities: z.array(entity).optional(),
  reply_to_message: repliedMessage.optional(),
  quote: z.object({ text: z.string() }).optional(),
  media_group_id: z.string().optional(),
  is_automatic_forward: z.boolean().optional(),
  forward_origin: z
    .object({
      sender_user: user.optional(),
      sender_user_name: z.string().optional(),
      sender_chat: chat.optional(),
      chat: chat.optional(),
    })
    .optional(),
  ...contents,
});

/** The kinds of content that are read, by their field. */
export const contentKinds: ReadonlySet<string> = new Set(Object.keys(contents));

/** A button was pressed. The message may be too old to be shown; its date is 0 then. */
export const callbackSchema = z.object({
  id: z.string().min(1),
  from: user,
  data: z.string().optional(),
  message: messageSchema.pick({ message_id: true, chat: true, message_thread_id: true, is_topic_message: true }).optional(),
});

/** The bot's own place in a chat changed. */
export const membershipSchema = z.object({
  chat,
  from: user,
  date,
  old_chat_member: z.object({ status: z.string(), is_member: z.boolean().optional() }),
  new_chat_member: z.object({ status: z.string(), is_member: z.boolean().optional() }),
});

const reaction = z.object({ type: z.string(), emoji: z.string().optional() });

/** Somebody changed their reactions to a message. */
export const reactionSchema = z.object({
  chat,
  message_id: z.int(),
  date,
  user: user.optional(),
  actor_chat: chat.optional(),
  old_reaction: z.array(reaction),
  new_reaction: z.array(reaction),
});

/** A person had enough of an answer that is still being written. */
export const stoppedSchema = z.object({ chat, message_thread_id: z.int().optional() });

/** Where and by whom, of an update that is not read further. */
export const placeSchema = z.object({ chat, from: user.optional() });

/** The envelope: one field besides the number, named for what happened. */
export const updateSchema = z.looseObject({ update_id: z.int().nonnegative() });

export type TelegramMessage = z.output<typeof messageSchema>;
export type TelegramChat = z.output<typeof chat>;
export type TelegramUser = z.output<typeof user>;
export type TelegramEntity = z.output<typeof entity>;
export type TelegramReaction = z.output<typeof reaction>;
