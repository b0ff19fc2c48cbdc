import { z } from "zod";
import { isTimestamp } from "../place.ts";

const userId = z.string().regex(/^[UWB][A-Z0-9]{1,20}$/u);
const channelId = z.string().regex(/^[CGD][A-Z0-9]{1,20}$/u);
const teamId = z.string().regex(/^[TE][A-Z0-9]{1,20}$/u);
const timestamp = z.string().refine(isTimestamp);

/** What surrounds an event of the Events API. */
export const envelopeSchema = z.object({
  type: z.literal("event_callback"),
  team_id: teamId.nullish(),
  api_app_id: z.string().nullish(),
  event_id: z.string().min(1).max(100),
  event_time: z.number().int().min(0).max(1e11).nullish(),
  event: z.looseObject({ type: z.string().min(1).max(100) }),
  authorizations: z.array(z.object({ team_id: teamId.nullish(), user_id: z.string().nullish() })).nullish(),
});
export type SlackEnvelope = z.output<typeof envelopeSchema>;

export const fileSchema = z.object({
  id: z.string().regex(/^F[A-Z0-9]{1,20}$/u),
  name: z.string().nullish(),
  title: z.string().nullish(),
  mimetype: z.string().nullish(),
  subtype: z.string().nullish(),
  size: z.number().int().nonnegative().nullish(),
  mode: z.string().nullish(),
});
export type SlackFile = z.output<typeof fileSchema>;

const attachmentSchema = z.object({
  text: z.string().nullish(),
  fallback: z.string().nullish(),
  title: z.string().nullish(),
  pretext: z.string().nullish(),
  author_name: z.string().nullish(),
  is_share: z.boolean().nullish(),
  is_msg_unfurl: z.boolean().nullish(),
});

/** A message, new or as it stands now. */
export const messageSchema = z.object({
  ts: timestamp,
  user: userId.nullish(),
  bot_id: userId.nullish(),
  app_id: z.string().nullish(),
  username: z.string().nullish(),
  subtype: z.string().nullish(),
  text: z.string().nullish(),
  thread_ts: timestamp.nullish(),
  parent_user_id: userId.nullish(),
  files: z.array(z.unknown()).nullish(),
  attachments: z.array(attachmentSchema).nullish(),
  blocks: z.array(z.unknown()).nullish(),
  bot_profile: z.object({ name: z.string().nullish() }).nullish(),
  user_profile: z.object({ display_name: z.string().nullish(), real_name: z.string().nullish() }).nullish(),
  edited: z.object({ ts: timestamp }).nullish(),
});
export type SlackMessage = z.output<typeof messageSchema>;

/** A message in a conversation. */
export const messageEventSchema = messageSchema.extend({ channel: channelId });

export const changedSchema = z.object({
  channel: channelId,
  event_ts: timestamp.nullish(),
  message: messageSchema,
  previous_message: messageSchema.partial().nullish(),
});

export const deletedSchema = z.object({
  channel: channelId,
  deleted_ts: timestamp,
  event_ts: timestamp.nullish(),
  previous_message: messageSchema.partial().nullish(),
});

export const reactionSchema = z.object({
  user: userId,
  reaction: z.string().min(1).max(200),
  item: z.object({ type: z.string(), channel: channelId.nullish(), ts: timestamp.nullish() }),
  event_ts: timestamp,
});

export const memberSchema = z.object({
  user: userId.nullish(),
  actor_id: userId.nullish(),
  channel: channelId,
  event_ts: timestamp.nullish(),
});

export const assistantThreadSchema = z.object({
  assistant_thread: z.object({ user_id: userId, channel_id: channelId, thread_ts: timestamp }),
});

/** Buttons and menus of a message. */
export const blockActionsSchema = z.object({
  type: z.literal("block_actions"),
  user: z.object({ id: userId, username: z.string().nullish(), name: z.string().nullish(), team_id: teamId.nullish() }),
  team: z.object({ id: teamId }).nullish(),
  container: z.object({ message_ts: timestamp.nullish(), channel_id: channelId.nullish(), thread_ts: timestamp.nullish() }),
  channel: z.object({ id: channelId, name: z.string().nullish() }).nullish(),
  message: z.object({ thread_ts: timestamp.nullish(), ts: timestamp.nullish() }).nullish(),
  actions: z
    .array(
      z.object({
        type: z.string(),
        action_id: z.string().max(300),
        action_ts: z.string().max(40).nullish(),
        value: z.string().max(2000).nullish(),
        selected_option: z.object({ value: z.string().max(2000).nullish() }).nullish(),
      }),
    )
    .min(1)
    .max(25),
  state: z.object({ values: z.record(z.string(), z.unknown()) }).nullish(),
  response_url: z.string().max(500).nullish(),
});

/** A slash command; both ways in bring the same fields. */
export const commandSchema = z.object({
  command: z.string().regex(/^\/\S{1,80}$/u),
  text: z.string().max(40_000).nullish(),
  team_id: teamId,
  channel_id: channelId,
  channel_name: z.string().nullish(),
  user_id: userId,
  user_name: z.string().nullish(),
  response_url: z.string().max(500).nullish(),
  trigger_id: z.string().min(1).max(300),
});
