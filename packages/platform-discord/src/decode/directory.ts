import { guildChangeSchema, isThread, roleSchema, type Guild, type RawChannel } from "./channels.ts";

/** What is known of a channel or thread. */
export interface KnownChannel {
  readonly type: number;
  readonly name: string | undefined;
  readonly parentId: string | undefined;
  readonly guildId: string | undefined;
}

/** What is known of a server. */
export interface KnownGuild {
  readonly name: string;
  readonly boostTier: number;
  /** The role that Discord made for the bot. */
  readonly botRoleId: string | undefined;
}

/** How many are remembered of each; the least lately told of goes first, and is asked for again when it is needed. */
const maxChannels = 20_000;
const maxRoles = 20_000;
/** A bot with more servers has to be split into shards. */
const maxGuilds = 2500;

/** Channels, servers and roles by their ids, as the gateway tells of them: what a message names only by a number. */
export class Directory {
  readonly #channels = new Map<string, KnownChannel>();
  readonly #guilds = new Map<string, KnownGuild>();
  readonly #roles = new Map<string, string>();

  channel(id: string): KnownChannel | undefined {
    return this.#channels.get(id);
  }

  guild(id: string): KnownGuild | undefined {
    return this.#guilds.get(id);
  }

  roleName(id: string): string | undefined {
    return this.#roles.get(id);
  }

  /** The boost tier of the server a channel is in, as far as is known. */
  boostTier(channelId: string): number | undefined {
    const guildId = this.#channels.get(channelId)?.guildId;
    return guildId === undefined ? undefined : this.#guilds.get(guildId)?.boostTier;
  }

  noteChannel(channel: RawChannel, guildId: string | undefined = channel.guild_id): void {
    const known = {
      type: channel.type,
      name: channel.name ?? undefined,
      // A channel's parent is its category, which nobody talks in.
      parentId: isThread(channel.type) ? (channel.parent_id ?? undefined) : undefined,
      guildId,
    };
    remember(this.#channels, channel.id, known, maxChannels);
  }

  noteGuild(guild: Guild, botId: string): void {
    const botRoleId = guild.roles.find(({ tags }) => tags?.bot_id === botId)?.id;
    remember(this.#guilds, guild.id, { name: guild.name, boostTier: guild.boostTier, botRoleId }, maxGuilds);
    for (const { id, name } of guild.roles) remember(this.#roles, id, name, maxRoles);
    for (const channel of [...guild.channels, ...guild.threads]) this.noteChannel(channel, guild.id);
  }

  /** A role that is new or has another name. */
  noteRole(data: unknown): void {
    const role = roleSchema.safeParse(data).data;
    if (role !== undefined) remember(this.#roles, role.id, role.name, maxRoles);
  }

  /** Another name or boost tier of a server that is known. */
  noteChange(data: unknown): void {
    const change = guildChangeSchema.safeParse(data).data;
    const known = change === undefined ? undefined : this.#guilds.get(change.id);
    if (change === undefined || known === undefined) return;
    remember(this.#guilds, change.id, { ...known, name: change.name, boostTier: change.premium_tier }, maxGuilds);
  }

  forgetChannel(id: string): void {
    this.#channels.delete(id);
  }

  /** The ids of the channels of a server that are known, without threads. */
  channelsOf(guildId: string): readonly string[] {
    return [...this.#channels].flatMap(([id, channel]) =>
      channel.guildId === guildId && channel.parentId === undefined ? [id] : [],
    );
  }

  forgetGuild(guildId: string): void {
    this.#guilds.delete(guildId);
    for (const [id, channel] of this.#channels) if (channel.guildId === guildId) this.#channels.delete(id);
  }
}

function remember<Value>(known: Map<string, Value>, id: string, value: Value, max: number): void {
  known.delete(id);
  known.set(id, value);
  const [oldest] = known.keys();
  if (known.size > max && oldest !== undefined) known.delete(oldest);
}
