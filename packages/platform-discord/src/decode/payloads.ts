import { z } from "zod";
import { channelSchema, snowflake } from "./channels.ts";

export const userSchema = z.object({
  id: snowflake,
  username: z.string(),
  global_name: z.string().nullish(),
  bot: z.boolean().optional(),
});
export const memberSchema = z.object({
  nick: z.string().nullish(),
  roles: z.array(snowflake),
});

const attachmentSchema = z.object({
  id: snowflake,
  filename: z.string(),
  size: z.number().int().nonnegative(),
  url: z.string(),
  content_type: z.string().nullish(),
});
const embedSchema = z.object({
  type: z.string().optional(),
  title: z.string().nullish(),
  description: z.string().nullish(),
  url: z.string().nullish(),
  fields: z.array(z.object({ name: z.string(), value: z.string() })).nullish(),
});
const stickerSchema = z.object({ id: snowflake, name: z.string(), format_type: z.number() });
const pollSchema = z.object({
  question: z.object({ text: z.string() }),
  answers: z.array(z.object({ poll_media: z.object({ text: z.string().nullish() }) })),
});
/** What a message says, also one that is forwarded. */
const contentSchema = z.object({
  content: z.string(),
  flags: z.number().optional(),
  attachments: z.array(attachmentSchema),
  // What these cannot be read as is left out: the words around them count.
  embeds: z.array(embedSchema).catch([]),
  sticker_items: z.array(stickerSchema).optional().catch(undefined),
  mentions: z.array(userSchema).catch([]),
});
const referenceSchema = z.object({
  type: z.number().optional(),
  message_id: snowflake.optional(),
  channel_id: snowflake.optional(),
});
const timestamp = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

/** A message as Message Create and Get Channel Messages tell of it; the second without server and member. */
export const messageSchema = contentSchema.extend({
  id: snowflake,
  type: z.number(),
  channel_id: snowflake,
  guild_id: snowflake.optional(),
  author: userSchema,
  member: memberSchema.optional(),
  application_id: snowflake.optional().catch(undefined),
  webhook_id: snowflake.optional(),
  timestamp,
  edited_timestamp: timestamp.nullish(),
  mention_roles: z.array(snowflake).catch([]),
  mention_everyone: z.boolean().catch(false),
  message_reference: referenceSchema.optional().catch(undefined),
  referenced_message: z
    .object({ id: snowflake, content: z.string(), author: userSchema, mentions: z.array(userSchema).catch([]) })
    .nullish()
    .catch(undefined),
  message_snapshots: z
    .array(z.object({ message: contentSchema }))
    .optional()
    .catch(undefined),
  poll: pollSchema.optional().catch(undefined),
});

export const deletionSchema = z.object({
  id: snowflake.optional(),
  ids: z.array(snowflake).optional(),
  channel_id: snowflake,
  guild_id: snowflake.optional(),
});
export const reactionSchema = z.object({
  user_id: snowflake,
  channel_id: snowflake,
  message_id: snowflake,
  guild_id: snowflake.optional(),
  member: memberSchema.extend({ user: userSchema }).optional(),
  emoji: z.object({ id: snowflake.nullish(), name: z.string().nullish() }),
});
export const interactionSchema = z.object({
  id: snowflake,
  type: z.number(),
  token: z.string().min(1),
  data: z
    .object({
      name: z.string().optional(),
      type: z.number().optional(),
      options: z.array(z.object({ value: z.union([z.string(), z.number(), z.boolean()]).optional() })).optional(),
      custom_id: z.string().optional(),
      component_type: z.number().optional(),
      values: z.array(z.string()).optional(),
    })
    .optional(),
  guild_id: snowflake.optional(),
  channel: channelSchema.optional(),
  channel_id: snowflake.optional(),
  member: memberSchema.extend({ user: userSchema }).optional(),
  user: userSchema.optional(),
  message: z.object({ id: snowflake }).optional(),
});

export type RawMessage = z.output<typeof messageSchema>;
export type RawContent = z.output<typeof contentSchema>;
export type RawUser = z.output<typeof userSchema>;
export type RawMember = z.output<typeof memberSchema>;
export type RawInteraction = z.output<typeof interactionSchema>;
