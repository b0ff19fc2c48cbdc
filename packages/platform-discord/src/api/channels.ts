import { z } from "zod";
import { channelSchema, readGuild, snowflake, type Guild, type RawChannel } from "../decode/channels.ts";
import type { Calls } from "./calls.ts";
import { failureOf, refusalCode, toPlatformFailure } from "./failure.ts";

/** Channels, threads and direct messages. Each throws a `PlatformError` and nothing else. */
export interface ChannelCalls {
  /** undefined: there is none, or the bot may not see it. */
  getChannel(channelId: string, signal?: AbortSignal): Promise<RawChannel | undefined>;
  /** undefined: the bot is not in it (any more). */
  getGuild(guildId: string, signal?: AbortSignal): Promise<Guild | undefined>;
  /** The thread that begins with a message; one that is there already is the same. */
  startThreadFromMessage(channelId: string, messageId: string, name: string): Promise<string>;
  startThread(channelId: string, name: string, signal?: AbortSignal): Promise<string>;
  /** A post in a forum begins with a message. */
  startPost(channelId: string, name: string, message: object, signal?: AbortSignal): Promise<string>;
  openDirect(userId: string): Promise<string>;
  /** A page of the servers the bot is in, in the order of their ids. */
  listGuilds(after: string): Promise<readonly { readonly id: string; readonly name: string }[]>;
  listGuildChannels(guildId: string): Promise<readonly RawChannel[]>;
}

/** "10003 Unknown channel", "10004 Unknown guild", "50001 Missing access". */
const outOfSight: ReadonlySet<number> = new Set([10_003, 10_004, 50_001]);
/** "160004 A thread has already been created for this message." */
const threadIsThere = 160_004;
const publicThread = 11;

const withId = z.object({ id: snowflake });
const guilds = z.array(z.object({ id: snowflake, name: z.string() }));

export function channelCalls({ request, raw, platform }: Calls): ChannelCalls {
  const idIn = (answer: unknown, what: string): string => {
    const found = withId.safeParse(answer).data;
    if (found === undefined) throw failureOf({ kind: "unavailable" }, what, "the answer names no channel", platform);
    return found.id;
  };
  const start = async (channelId: string, body: object, signal: AbortSignal | undefined): Promise<string> => {
    const what = `open a thread in channel ${channelId}`;
    return idIn(await request(what, { method: "POST", path: `/channels/${channelId}/threads`, body, signal }), what);
  };
  return {
    async getChannel(channelId, signal) {
      try {
        return channelSchema.safeParse(await raw({ method: "GET", path: `/channels/${channelId}`, signal })).data;
      } catch (error) {
        if (outOfSight.has(refusalCode(error) ?? 0)) return undefined;
        throw toPlatformFailure(error, `ask about channel ${channelId}`, platform);
      }
    },
    async getGuild(guildId, signal) {
      try {
        return readGuild(await raw({ method: "GET", path: `/guilds/${guildId}`, signal }));
      } catch (error) {
        if (outOfSight.has(refusalCode(error) ?? 0)) return undefined;
        throw toPlatformFailure(error, "ask about a server", platform);
      }
    },
    async startThreadFromMessage(channelId, messageId, name) {
      const what = `open a thread in channel ${channelId}`;
      const path = `/channels/${channelId}/messages/${messageId}/threads` as const;
      try {
        return idIn(await raw({ method: "POST", path, body: { name } }), what);
      } catch (error) {
        // A thread has the id of the message it was made from.
        if (refusalCode(error) === threadIsThere) return messageId;
        throw toPlatformFailure(error, what, platform);
      }
    },
    startThread: (channelId, name, signal) => start(channelId, { name, type: publicThread }, signal),
    startPost: (channelId, name, message, signal) => start(channelId, { name, message }, signal),
    async openDirect(userId) {
      const what = "open a direct message";
      return idIn(await request(what, { method: "POST", path: "/users/@me/channels", body: { recipient_id: userId } }), what);
    },
    async listGuilds(after) {
      const what = "list the servers";
      const answer = await request(what, { method: "GET", path: "/users/@me/guilds", query: { limit: "200", after } });
      return guilds.safeParse(answer).data ?? [];
    },
    async listGuildChannels(guildId) {
      const answer = await request("list a server's channels", { method: "GET", path: `/guilds/${guildId}/channels` });
      if (!Array.isArray(answer)) return [];
      return answer.flatMap((channel: unknown) => channelSchema.safeParse(channel).data ?? []);
    },
  };
}
