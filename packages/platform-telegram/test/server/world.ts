import type { Chat, Message, User, UserFromGetMe } from "grammy/types";
import { badRequest, BotApiError } from "./bot-api-error.ts";

/** A message that is still being written. */
export interface Draft {
  readonly content: Readonly<Record<string, unknown>>;
  readonly canStop: boolean;
  /** When it vanishes unless it is sent again, in milliseconds since the epoch. */
  readonly untilMs: number;
}

/** A chat as the server keeps it. */
export interface ChatState {
  chat: Chat;
  readonly messages: Map<number, Message>;
  readonly topics: Map<number, "open" | "closed" | "deleted">;
  /** The bot's own reactions, by message. */
  readonly reactions: Map<number, string>;
  readonly drafts: Map<number, Draft>;
  /** Messages that nobody's telephone rang for. */
  readonly silent: Set<number>;
  /** The bot lacks the right to make topics. */
  forbidsTopics?: boolean;
  /** Why the bot may not write here: the description of a 403. */
  forbidden?: string;
  migratedTo?: number;
  nextMessageId: number;
}

/** A person as Telegram shows them. */
export function person(id: number, firstName: string, extra: Partial<User> = {}): User {
  return { id, is_bot: false, first_name: firstName, ...extra };
}

/** The chats that exist, and what stands in them. */
export class World {
  readonly chats = new Map<number, ChatState>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Unix time in seconds. */
  now(): number {
    return Math.floor(this.#nowMs() / 1000);
  }

  add(chat: Chat): ChatState {
    const state: ChatState = {
      chat,
      messages: new Map(),
      topics: new Map(),
      reactions: new Map(),
      drafts: new Map(),
      silent: new Set(),
      nextMessageId: 1,
    };
    this.chats.set(chat.id, state);
    return state;
  }

  /** The chat, made as the kind its id says when nobody has named it. */
  ensure(chat: Chat | number): ChatState {
    const id = typeof chat === "number" ? chat : chat.id;
    return this.chats.get(id) ?? this.add(typeof chat === "number" ? chatFor(id) : chat);
  }

  /**
   * Where the bot wants to write.
   *
   * @throws BotApiError when it does not exist, moved, or the bot may not.
   */
  writable(id: unknown, threadId?: unknown): ChatState {
    const state = this.find(id);
    if (state.forbidden !== undefined) throw new BotApiError(403, `Forbidden: ${state.forbidden}`);
    if (state.migratedTo !== undefined) {
      throw badRequest("group chat was upgraded to a supergroup chat", { migrate_to_chat_id: state.migratedTo });
    }
    if (threadId === undefined) return state;
    const topic = state.topics.get(Number(threadId));
    if (topic === undefined) throw badRequest("message thread not found");
    if (topic === "closed") throw badRequest("TOPIC_CLOSED");
    if (topic === "deleted") throw badRequest("TOPIC_DELETED");
    return state;
  }

  /** @throws BotApiError `chat not found` */
  find(id: unknown): ChatState {
    if (id === undefined || id === "") throw badRequest("chat_id is empty");
    const state = this.chats.get(Number(id));
    if (state === undefined) throw badRequest("chat not found");
    return state;
  }

  /** Stores a message under the chat's next number. */
  store(state: ChatState, message: Omit<Message, "message_id" | "date" | "chat"> & { readonly message_id?: number }): Message {
    const stored: Message = { ...message, message_id: state.nextMessageId++, date: this.now(), chat: state.chat };
    state.messages.set(stored.message_id, stored);
    return stored;
  }
}

function chatFor(id: number): Chat {
  if (id > 0) return { id, type: "private", first_name: `Person ${id}` };
  if (String(id).startsWith("-100")) return { id, type: "supergroup", title: `Group ${id}` };
  return { id, type: "group", title: `Group ${id}` };
}

/** The bot, as `getMe` tells of it. */
export function botUser(id: number, username: string): UserFromGetMe {
  return {
    id,
    is_bot: true,
    first_name: "Hermes",
    username,
    can_join_groups: true,
    can_read_all_group_messages: false,
    supports_inline_queries: false,
    can_connect_to_business: false,
    has_main_web_app: false,
    has_topics_enabled: false,
  } as UserFromGetMe;
}

/** What a reader reads in a message: one text or none. */
export function readableText(message: Message): string[] {
  if (message.text !== undefined) return [message.text];
  const { blocks } =
    (message as { readonly rich_message?: { readonly blocks: readonly { readonly text?: unknown }[] } }).rich_message ?? {};
  return blocks === undefined ? [] : [blocks.map(({ text }) => String(text)).join("\n")];
}
