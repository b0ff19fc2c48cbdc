import { idAt } from "../../src/decode/snowflakes.ts";

export interface User {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly bot?: boolean;
}
export interface Role {
  readonly id: string;
  readonly name: string;
  readonly tags?: { readonly bot_id: string };
}
export interface Member {
  readonly user: User;
  nick: string | null;
  roles: string[];
}
export interface Guild {
  readonly id: string;
  name: string;
  premium_tier: number;
  readonly joined_at: string;
  readonly system_channel_id: string | null;
  readonly roles: Role[];
  readonly members: Map<string, Member>;
}
/** What the bot may not do in a channel. */
export type Lack = "view" | "send" | "history" | "threads" | "direct";
export interface Channel {
  readonly id: string;
  readonly type: number;
  readonly guild_id?: string;
  readonly parent_id?: string | null;
  name: string | null;
  last_message_id: string | null;
  readonly recipients?: readonly User[];
  readonly lacks: Set<Lack>;
  isArchived?: boolean;
}
export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mimeType: string;
  readonly bytes: Uint8Array;
}
export interface Message {
  readonly id: string;
  readonly channel_id: string;
  readonly author: User;
  type: number;
  content: string;
  readonly timestamp: string;
  edited_timestamp: string | null;
  flags: number;
  mentions: readonly User[];
  mention_roles: readonly string[];
  mention_everyone: boolean;
  readonly files: readonly StoredFile[];
  embeds: readonly object[];
  components: readonly object[];
  readonly nonce?: string | number;
  readonly message_reference?: { readonly type: number; readonly message_id: string; readonly channel_id: string };
  /** Fields of other kinds of messages: a poll, stickers, what is forwarded. */
  readonly extra: Readonly<Record<string, unknown>>;
  /** Whom it notified. */
  pings: readonly string[];
  readonly reactions: Map<string, Set<string>>;
  edits: number;
}

/** Everything that is on the server. */
export class World {
  readonly users = new Map<string, User>();
  readonly guilds = new Map<string, Guild>();
  readonly channels = new Map<string, Channel>();
  readonly messages = new Map<string, Message>();
  readonly files = new Map<string, StoredFile>();
  readonly bot: User;
  readonly #nowMs: () => number;
  #lastMs = 0;

  constructor(bot: User, nowMs: () => number) {
    this.bot = bot;
    this.#nowMs = nowMs;
    this.users.set(bot.id, bot);
  }

  /** A new id; no two are of the same millisecond. */
  id(): string {
    this.#lastMs = Math.max(this.#nowMs(), this.#lastMs + 1);
    return idAt(this.#lastMs);
  }

  /** When the latest id was made, ISO 8601. */
  get at(): string {
    return new Date(this.#lastMs).toISOString().replace("Z", "000+00:00");
  }

  addUser(name: string, more: Partial<User> = {}): User {
    const user = { id: this.id(), username: name.toLowerCase(), global_name: name, ...more };
    this.users.set(user.id, user);
    return user;
  }

  /** Of a server the bot is in for long, unless it is said when it joined. */
  addGuild(name: string, members: readonly User[], joined = "2025-06-01T00:00:00.000000+00:00"): Guild {
    const id = this.id();
    const everybody = { id, name: "@everyone" };
    const own = { id: this.id(), name: this.bot.username, tags: { bot_id: this.bot.id } };
    const guild: Guild = {
      id,
      name,
      premium_tier: 0,
      joined_at: joined,
      system_channel_id: null,
      roles: [everybody, own],
      members: new Map([this.bot, ...members].map((user) => [user.id, { user, nick: null, roles: [] }])),
    };
    guild.members.get(this.bot.id)?.roles.push(own.id);
    this.guilds.set(id, guild);
    return guild;
  }

  addChannel(type: number, name: string, more: Partial<Channel> = {}): Channel {
    const channel: Channel = { id: this.id(), type, name, last_message_id: null, lacks: new Set(), ...more };
    this.channels.set(channel.id, channel);
    return channel;
  }

  /** The direct chat with somebody. */
  direct(user: User): Channel {
    const known = [...this.channels.values()].find(({ recipients }) => recipients?.some(({ id }) => id === user.id));
    return known ?? this.addChannel(1, "", { name: null, recipients: [user] });
  }

  channel(id: string): Channel {
    const channel = this.channels.get(id);
    if (channel === undefined) throw new Error(`There is no channel ${id}`);
    return channel;
  }

  message(id: string): Message {
    const message = this.messages.get(id);
    if (message === undefined) throw new Error(`There is no message ${id}`);
    return message;
  }

  /** What stands in a channel, oldest first. */
  in(channelId: string): readonly Message[] {
    return [...this.messages.values()].filter((message) => message.channel_id === channelId);
  }
}
