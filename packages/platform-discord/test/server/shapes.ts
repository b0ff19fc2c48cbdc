import type { Channel, Guild, Member, Message, User, World } from "./world.ts";

type Shape = Readonly<Record<string, unknown>>;

/** How the API writes what is on the server. `cdn` signs the addresses of files. */
export class Shapes {
  readonly #world: World;
  readonly #cdn: (channelId: string, fileId: string, name: string) => string;

  constructor(world: World, cdn: (channelId: string, fileId: string, name: string) => string) {
    this.#world = world;
    this.#cdn = cdn;
  }

  user(user: User): Shape {
    return { avatar: null, discriminator: "0000", public_flags: 0, flags: 0, primary_guild: null, ...user };
  }

  member({ user, nick, roles }: Member): Shape {
    return { ...this.#memberOf(nick, roles), user: this.user(user) };
  }

  #memberOf(nick: string | null, roles: readonly string[]): Shape {
    const joined = "2026-01-01T00:00:00.000000+00:00";
    const nothing = { avatar: null, banner: null, communication_disabled_until: null, premium_since: null };
    return { ...nothing, nick, roles, joined_at: joined, deaf: false, mute: false, flags: 0, pending: false };
  }

  channel(channel: Channel): Shape {
    const { lacks: _, isArchived = false, ...rest } = channel;
    if (channel.type === 1) {
      return {
        id: rest.id,
        type: 1,
        flags: 0,
        last_message_id: rest.last_message_id,
        recipients: rest.recipients?.map((one) => this.user(one)),
      };
    }
    const common = { ...rest, flags: 0, position: 0, permission_overwrites: [], nsfw: false, rate_limit_per_user: 0 };
    if (channel.type !== 11) return common;
    const metadata = {
      archived: isArchived,
      auto_archive_duration: 1440,
      archive_timestamp: "2026-01-01T00:00:00.000000+00:00",
      locked: false,
    };
    const { position: _position, permission_overwrites: _overwrites, nsfw: _nsfw, ...thread } = common;
    return {
      ...thread,
      owner_id: this.#world.bot.id,
      thread_metadata: metadata,
      message_count: 0,
      member_count: 1,
      total_message_sent: 0,
    };
  }

  /** As the API answers; `nonce` stands only in the answer to who sent it. */
  message(message: Message, depth = 0): Shape {
    const { files, pings: _pings, reactions, edits: _edits, extra, nonce: _nonce, ...rest } = message;
    const referenced =
      rest.message_reference === undefined ? undefined : this.#world.messages.get(rest.message_reference.message_id);
    return {
      ...rest,
      author: this.user(message.author),
      mentions: message.mentions.map((user) => this.user(user)),
      attachments: files.map((file) => this.attachment(message.channel_id, file)),
      pinned: false,
      tts: false,
      ...(reactions.size === 0 ? {} : { reactions: this.#reactions(message) }),
      ...(rest.message_reference === undefined || depth > 0
        ? {}
        : { referenced_message: referenced === undefined ? null : this.message(referenced, 1) }),
      ...extra,
    };
  }

  #reactions({ reactions }: Message): readonly Shape[] {
    return [...reactions].map(([emoji, users]) => ({
      emoji: { id: null, name: emoji },
      count: users.size,
      count_details: { burst: 0, normal: users.size },
      burst_colors: [],
      me_burst: false,
      burst_me: false,
      me: users.has(this.#world.bot.id),
      burst_count: 0,
    }));
  }

  attachment(channelId: string, file: { id: string; name: string; mimeType: string; bytes: Uint8Array }): Shape {
    const url = this.#cdn(channelId, file.id, file.name);
    return { id: file.id, filename: file.name, size: file.bytes.length, url, proxy_url: url, content_type: file.mimeType };
  }

  /** As the gateway tells of it: with the server, and who spoke there. */
  told(message: Message): Shape {
    const channel = this.#world.channels.get(message.channel_id);
    const guild = channel?.guild_id === undefined ? undefined : this.#world.guilds.get(channel.guild_id);
    const type = channel === undefined ? {} : { channel_type: channel.type };
    if (guild === undefined) return { ...this.message(message), ...type };
    const member = guild.members.get(message.author.id);
    return {
      ...this.message(message),
      ...type,
      guild_id: guild.id,
      ...(member === undefined ? {} : { member: this.#memberOf(member.nick, member.roles) }),
    };
  }

  guild(guild: Guild): Shape {
    const { members: _, roles, ...rest } = guild;
    const colors = { primary_color: 0, secondary_color: null, tertiary_color: null };
    const look = { color: 0, colors, icon: null, unicode_emoji: null };
    const plain = { ...look, hoist: false, managed: false, mentionable: false, permissions: "1024", position: 0, flags: 0 };
    return {
      ...rest,
      owner_id: [...guild.members.keys()].at(1) ?? this.#world.bot.id,
      roles: roles.map((role) => ({ ...plain, ...role })),
      ...lists("emojis", "stickers", "features"),
      afk_timeout: 300,
      verification_level: 0,
      default_message_notifications: 0,
      explicit_content_filter: 0,
      mfa_level: 0,
      nsfw_level: 0,
      system_channel_flags: 0,
      preferred_locale: "en-US",
      premium_progress_bar_enabled: false,
      ...unset("icon", "description", "home_header", "splash", "discovery_splash", "banner", "application_id", "afk_channel_id"),
      ...unset("widget_channel_id", "max_presences", "vanity_url_code", "rules_channel_id", "incidents_data"),
      ...unset("safety_alerts_channel_id", "public_updates_channel_id"),
      region: "deprecated",
      widget_enabled: false,
      nsfw: false,
      max_members: 500_000,
      max_stage_video_channel_users: 50,
      max_video_channel_users: 25,
      premium_subscription_count: 0,
    };
  }

  guildCreated(guild: Guild): Shape {
    const all = [...this.#world.channels.values()].filter(({ guild_id: id, lacks }) => id === guild.id && !lacks.has("view"));
    return {
      ...this.guild(guild),
      ...lists("presences", "voice_states", "stage_instances", "guild_scheduled_events", "soundboard_sounds"),
      large: false,
      unavailable: false,
      member_count: guild.members.size,
      members: [...guild.members.values()].map((member) => this.member(member)),
      channels: all.filter(({ type }) => type !== 11).map((channel) => this.channel(channel)),
      threads: all.filter(({ type, isArchived }) => type === 11 && isArchived !== true).map((channel) => this.channel(channel)),
    };
  }
}

function lists(...names: readonly string[]): Shape {
  return Object.fromEntries(names.map((name) => [name, []]));
}

function unset(...names: readonly string[]): Shape {
  return Object.fromEntries(names.map((name) => [name, null]));
}
