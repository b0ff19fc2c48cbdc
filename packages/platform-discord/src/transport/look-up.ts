import type { Api } from "../api.ts";
import { channelSchema } from "../decode/channels.ts";
import type { Directory } from "../decode/directory.ts";
import { isSnowflake } from "../decode/snowflakes.ts";
import type { Dispatch } from "./gateway-socket.ts";

export interface LookUpParts {
  readonly api: Pick<Api, "getChannel" | "getGuild">;
  readonly directory: Directory;
  readonly botId: string;
  readonly signal: AbortSignal;
  /** Repeats a call for as long as what fails passes by itself; undefined: it is refused. */
  readonly reached: <Result>(call: () => Promise<Result>) => Promise<Result | undefined>;
}

/** What a payload names only by a number, and nothing told of yet: a session that is resumed does not tell of servers again. */
export async function lookUp(data: unknown, { api, directory, botId, signal, reached }: LookUpParts): Promise<void> {
  const { guild_id: guildId, channel_id: channelId } = fieldsOf(data);
  if (!isSnowflake(guildId)) return;
  if (directory.guild(guildId) === undefined) {
    const guild = await reached(() => api.getGuild(guildId, signal));
    const nothing = { boostTier: 0, systemChannelId: undefined, joinedMs: 0, channels: [], threads: [], roles: [] };
    directory.noteGuild(guild ?? { id: guildId, name: "server", ...nothing }, botId);
  }
  if (!isSnowflake(channelId) || directory.channel(channelId) !== undefined) return;
  const channel = await reached(() => api.getChannel(channelId, signal));
  directory.noteChannel(channel ?? { id: channelId, type: unknownType }, guildId);
}

/** Of a channel that may not be seen: none of Discord's types. */
const unknownType = -1;

function fieldsOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === "object" && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
}

/** Remembers what a dispatch tells of channels and threads. */
export function noteChannels({ name, data }: Dispatch, directory: Directory): void {
  const fields = fieldsOf(data);
  const guildId = isSnowflake(fields["guild_id"]) ? fields["guild_id"] : undefined;
  const note = (raw: unknown): void => {
    const channel = channelSchema.safeParse(raw).data;
    if (channel !== undefined) directory.noteChannel(channel, channel.guild_id ?? guildId);
  };
  switch (name) {
    case "CHANNEL_CREATE":
    case "CHANNEL_UPDATE":
    case "CHANNEL_DELETE":
    case "THREAD_CREATE":
    case "THREAD_UPDATE":
    case "THREAD_DELETE":
      return note(data);
    case "THREAD_LIST_SYNC":
      return Array.isArray(fields["threads"]) ? fields["threads"].forEach(note) : undefined;
    case "INTERACTION_CREATE":
      return note(fields["channel"]);
    case "GUILD_ROLE_CREATE":
    case "GUILD_ROLE_UPDATE":
      return directory.noteRole(fields["role"]);
    case "GUILD_UPDATE":
      return directory.noteChange(data);
    default:
      return undefined;
  }
}
