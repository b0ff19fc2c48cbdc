import { z } from "zod";
import { isSnowflake } from "./snowflakes.ts";

export const snowflake = z.string().refine(isSnowflake);

/** A channel or thread, as far as it is looked at. */
export const channelSchema = z.object({
  id: snowflake,
  type: z.number(),
  guild_id: snowflake.optional(),
  parent_id: snowflake.nullish(),
  name: z.string().nullish(),
  last_message_id: snowflake.nullish(),
});

export type RawChannel = z.output<typeof channelSchema>;

const readSchema = z.object({
  id: snowflake,
  name: z.string().catch("server"),
  premium_tier: z.number().catch(0),
  system_channel_id: snowflake.nullish().catch(undefined),
  joined_at: z.string().optional().catch(undefined),
  channels: z.array(z.unknown()).catch([]),
  threads: z.array(z.unknown()).catch([]),
  roles: z.array(z.unknown()).catch([]),
});
export const roleSchema = z.object({
  id: snowflake,
  name: z.string(),
  tags: z.object({ bot_id: z.string().optional() }).optional().catch(undefined),
});

/** A server as it is told of when the bot joins it or comes back; undefined for one that is out of order just now. */
export function readGuild(data: unknown) {
  const found = readSchema.safeParse(data).data;
  const isAway = (data as { readonly unavailable?: unknown } | null)?.unavailable === true;
  if (found === undefined || isAway) return undefined;
  const channel = (raw: unknown): readonly RawChannel[] => {
    const channel = channelSchema.safeParse(raw).data;
    return channel === undefined ? [] : [channel];
  };
  return {
    id: found.id,
    name: found.name,
    boostTier: found.premium_tier,
    systemChannelId: found.system_channel_id ?? undefined,
    /** When the bot joined it, in milliseconds since 1970; 0 where that is not told. */
    joinedMs: Date.parse(found.joined_at ?? "") || 0,
    channels: found.channels.flatMap(channel),
    threads: found.threads.flatMap(channel),
    roles: found.roles.flatMap((raw) => roleSchema.safeParse(raw).data ?? []),
  };
}

export type Guild = NonNullable<ReturnType<typeof readGuild>>;

/** What changes of a server. */
export const guildChangeSchema = z.object({ id: snowflake, name: z.string(), premium_tier: z.number().catch(0) });

const direct: ReadonlySet<number> = new Set([1, 3]);
const threads: ReadonlySet<number> = new Set([10, 11, 12]);
/** Text, announcements, and the chats of voice and stage channels. */
const spoken: ReadonlySet<number> = new Set([0, 2, 5, 13]);
const forums: ReadonlySet<number> = new Set([15, 16]);

/** What one can do in a channel of this type (Discord, Channel Types). */
export const isDirect = (type: number): boolean => direct.has(type);
export const isThread = (type: number): boolean => threads.has(type);
export const isSpokenIn = (type: number): boolean => spoken.has(type);
export const isForum = (type: number): boolean => forums.has(type);
/** Where a thread can begin with somebody's message. */
export const takesThreads = (type: number): boolean => type === 0 || type === 5;
export const isAnnouncement = (type: number): boolean => type === 5;
