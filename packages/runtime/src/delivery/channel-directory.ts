import type { Chat, ChatRef, Clock, Platform } from "@hermes/core";
import type { Connections } from "../connections.ts";
import type { MaintenanceTask, MaintenanceWork } from "../maintenance/task.ts";
import type { Store } from "../store.ts";
import { readChatList } from "./read-chat-list.ts";
import { matchName, type NameMatch } from "./match-name.ts";
import { readSessionChats } from "./read-session-chats.ts";

const everyMs = 5 * 60_000;
const firstAfterMs = 5000;
/** How long a platform may take to list its chats; less where somebody waits for it. */
const listTimeoutMs = 30_000;
const waitedListTimeoutMs = 5000;
/** A platform is not asked for its chats more often than this for somebody who waits. */
const listAgeMs = 60_000;

/** What the directory is made of. */
export interface ChannelDirectoryParts {
  readonly store: Pick<Store, "listSessions">;
  readonly connections: Connections;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly clock: Clock;
}

interface ChatList {
  readonly chats: readonly Chat[];
  readonly atMs: number;
  /** Why it could not be read the last time. */
  readonly failure?: string;
}

/** Which chats there are: those that a platform lists, and those that somebody has talked in. Bounded, and threads are not told apart. */
export class ChannelDirectory {
  readonly #parts: ChannelDirectoryParts;
  readonly #lists = new Map<string, ChatList>();
  #chats: ReadonlyMap<string, ReadonlyMap<string, Chat>> = new Map();
  readonly #freshening = new Map<string, Promise<void>>();

  constructor(parts: ChannelDirectoryParts) {
    this.#parts = parts;
  }

  /** Reads it anew again and again. */
  get task(): MaintenanceTask {
    return { name: "channel-directory", everyMs, firstAfterMs, run: (work) => this.#refresh(work) };
  }

  /** Reads it anew for somebody who waits; the lists of these platforms. */
  async freshen(platforms: readonly string[]): Promise<void> {
    const key = platforms.join(" ");
    const running = this.#freshening.get(key);
    const freshening = running ?? this.#freshen(new Set(platforms)).finally(() => this.#freshening.delete(key));
    this.#freshening.set(key, freshening);
    await freshening;
  }

  async #freshen(platforms: ReadonlySet<string>): Promise<void> {
    const { clock } = this.#parts;
    // A clock that was set back makes nothing young again.
    const ageMs = (platform: string): number => Math.abs(clock.now() - (this.#lists.get(platform)?.atMs ?? -Infinity));
    const isDue = (platform: string): boolean => platforms.has(platform) && ageMs(platform) >= listAgeMs;
    await this.#read({ signal: new AbortController().signal, breathe: letOthersRun }, isDue, waitedListTimeoutMs);
  }

  /** A chat with all that is known of it; what is known of the chat is true of its threads. */
  complete(chat: Chat): Chat {
    const { platform, chatId } = chat.ref;
    const known = this.#chats.get(platform)?.get(chatId);
    return known === undefined ? chat : { ...known, ref: chat.ref };
  }

  /** A chat by its id. */
  find({ platform, chatId }: Pick<ChatRef, "platform" | "chatId">): Chat | undefined {
    return this.#chats.get(platform)?.get(chatId);
  }

  /** The chat that a name means. */
  match(platform: string, name: string): NameMatch {
    return matchName(name, this.list(platform));
  }

  /** Every chat that is known on a platform. */
  list(platform: string): readonly Chat[] {
    return [...(this.#chats.get(platform)?.values() ?? [])];
  }

  /** Why a platform's own list could not be read. */
  failureOf(platform: string): string | undefined {
    return this.#lists.get(platform)?.failure;
  }

  async #refresh(work: MaintenanceWork): Promise<string> {
    await this.#read(work, () => true, listTimeoutMs);
    const failures = [...this.#lists].flatMap(([id, { failure }]) => (failure === undefined ? [] : [`[${id}] ${failure}`]));
    if (failures.length > 0) throw new Error(`Chats could not be listed: ${failures.join("; ")}`);
    const count = [...this.#chats.values()].reduce((sum, chats) => sum + chats.size, 0);
    return count === 1 ? "1 chat" : `${count} chats`;
  }

  async #read(work: MaintenanceWork, isDue: (platform: string) => boolean, timeoutMs: number): Promise<void> {
    const { store, platforms } = this.#parts;
    const [talkedIn] = await Promise.all([
      readSessionChats(store, platforms, work),
      ...[...platforms.keys()].filter(isDue).map((platform) => this.#readList(platform, work.signal, timeoutMs)),
    ]);
    if (!work.signal.aborted) this.#chats = this.#merge(talkedIn);
  }

  /** One that cannot be read leaves what was read before. */
  async #readList(platform: string, signal: AbortSignal, timeoutMs: number): Promise<void> {
    const { connections, clock } = this.#parts;
    const connection = connections.get(platform);
    if (connection?.listChats === undefined) return;
    const before = this.#lists.get(platform)?.chats ?? [];
    const atMs = clock.now();
    try {
      const chats = await readChatList(connection.listChats(), { platform, timeoutMs, signal, clock });
      this.#lists.set(platform, { chats, atMs });
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      this.#lists.set(platform, { chats: before, atMs, failure });
    }
  }

  /** What a platform lists counts more; what it leaves out, a conversation may know. */
  #merge(talkedIn: readonly Chat[]): ReadonlyMap<string, ReadonlyMap<string, Chat>> {
    const merged = new Map<string, Map<string, Chat>>();
    const listed = [...this.#lists.values()].flatMap(({ chats }) => chats);
    for (const chat of [...talkedIn, ...listed]) {
      const { platform, chatId } = chat.ref;
      const chats = merged.get(platform) ?? new Map<string, Chat>();
      merged.set(platform, chats.set(chatId, { ...chats.get(chatId), ...chat }));
    }
    return merged;
  }
}

function letOthersRun(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}
