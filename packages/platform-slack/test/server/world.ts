import { no } from "./refusal.ts";

/** A message as Slack keeps it. */
export interface WorldMessage {
  readonly ts: string;
  readonly user: string;
  readonly bot_id?: string;
  readonly app_id?: string;
  readonly subtype?: string;
  text: string;
  thread_ts?: string;
  parent_user_id?: string;
  blocks?: readonly Readonly<Record<string, unknown>>[];
  files?: readonly Readonly<Record<string, unknown>>[];
  metadata?: unknown;
  edited?: { readonly user: string; readonly ts: string };
  /** Whom it is shown to alone. */
  readonly ephemeralTo?: string;
  reactions: Map<string, Set<string>>;
  isStreaming?: boolean;
  wasStreamed?: boolean;
}

export interface WorldChannel {
  readonly id: string;
  readonly team: string;
  readonly name: string;
  readonly members: Set<string>;
  readonly messages: Map<string, WorldMessage>;
  isArchived: boolean;
  /** Why nobody may write there. */
  refusal?: string;
}

export interface WorldBot {
  readonly team: string;
  readonly teamName: string;
  readonly userId: string;
  readonly botId: string;
  readonly token: string;
  scopes: Set<string>;
  isRevoked: boolean;
}

/** Workspaces with their people, conversations and messages. */
export class World {
  readonly channels = new Map<string, WorldChannel>();
  readonly bots: WorldBot[] = [];
  readonly appId = "A0HERMES01";
  readonly #nowMs: () => number;
  #count = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Ids of messages: the time, and a number that makes them unique and orders them. */
  nextTs(): string {
    this.#count += 1;
    return `${Math.floor(this.#nowMs() / 1000)}.${String(this.#count).padStart(6, "0")}`;
  }

  addChannel(team: string, id: string, name: string, members: readonly string[]): WorldChannel {
    const channel: WorldChannel = { id, team, name, members: new Set(members), messages: new Map(), isArchived: false };
    this.channels.set(`${team}/${id}`, channel);
    return channel;
  }

  /** The channel for a bot, or Slack's refusal. */
  channelFor(bot: WorldBot, id: unknown): WorldChannel {
    const channel = this.channels.get(`${bot.team}/${String(id)}`);
    if (channel === undefined) throw no("channel_not_found");
    return channel;
  }

  /** The same, where the bot may write. */
  writable(bot: WorldBot, id: unknown): WorldChannel {
    const channel = this.channelFor(bot, id);
    if (channel.refusal !== undefined) throw no(channel.refusal);
    if (channel.isArchived) throw no("is_archived");
    if (!channel.members.has(bot.userId)) throw no("not_in_channel");
    return channel;
  }

  find(chatId: string): WorldChannel {
    const channel = this.channels.get(chatId);
    if (channel === undefined) throw new Error(`There is no conversation ${chatId}`);
    return channel;
  }

  botOf(team: string): WorldBot {
    const bot = this.bots.find((one) => one.team === team);
    if (bot === undefined) throw new Error(`There is no bot in ${team}`);
    return bot;
  }
}

/** A message as the API and events show it. */
export function shown(message: WorldMessage, withMetadata = false): Readonly<Record<string, unknown>> {
  const { reactions, isStreaming, wasStreamed: _, ephemeralTo: __, metadata, ...rest } = message;
  const shownReactions = [...reactions].map(([name, users]) => ({ name, users: [...users], count: users.size }));
  return {
    type: "message",
    ...rest,
    ...(shownReactions.length > 0 ? { reactions: shownReactions } : {}),
    ...(isStreaming === true ? { streaming_state: "in_progress" } : {}),
    ...(withMetadata && metadata !== undefined ? { metadata } : {}),
  };
}
