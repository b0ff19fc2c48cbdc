import type { PlatformHost } from "@hermes/core";
import type { KnownBot } from "./decode/context.ts";

type Memory = PlatformHost["memory"];

/** How many threads are known without asking. */
const knownThreads = 2000;
/** A thread in which nobody wrote for so long is asked about anew: then only a mention means the bot. */
const threadTtlMs = 30 * 24 * 60 * 60 * 1000;

/** What has to be known to read what Slack sends, also before the first connect and while Slack is out of reach. */
export class Facts {
  /** By workspace. */
  bots: ReadonlyMap<string, KnownBot> = new Map();
  commands: ReadonlySet<string> = new Set();
  readonly #threads = new Map<string, boolean>();
  #recalled: Promise<void> | undefined;

  /** What an earlier process knew; once. */
  recall(memory: Memory): Promise<void> {
    this.#recalled ??= this.#read(memory).catch((error: unknown) => {
      this.#recalled = undefined;
      throw error;
    });
    return this.#recalled;
  }

  async noteBots(bots: ReadonlyMap<string, KnownBot>, memory: Memory): Promise<void> {
    this.bots = bots;
    const written = Object.fromEntries([...bots].map(([team, { userId = "", botId = "" }]) => [team, { userId, botId }]));
    await memory.set("bots", written);
  }

  async noteCommands(names: readonly string[], memory: Memory): Promise<void> {
    this.commands = new Set(names);
    await memory.set("commands", [...this.commands]);
  }

  isJoined(chatId: string, threadId: string): boolean {
    return this.#threads.get(`${chatId}/${threadId}`) === true;
  }

  /** From now on what is written in the thread is meant for the bot. */
  async noteThread(chatId: string, threadId: string, memory: Memory): Promise<void> {
    const name = `${chatId}/${threadId}`;
    if (this.#threads.get(name) === true) return;
    this.#keep(name, true);
    await memory.set(`thread:${name}`, true, { ttlMs: threadTtlMs });
  }

  /** Makes sure that `isJoined` knows. */
  async lookUpThread(chatId: string, threadId: string, memory: Memory): Promise<void> {
    const name = `${chatId}/${threadId}`;
    if (this.#threads.has(name)) return;
    const isJoined = (await memory.get(`thread:${name}`)) === true;
    if (!this.#threads.has(name)) this.#keep(name, isJoined);
  }

  #keep(name: string, isJoined: boolean): void {
    this.#threads.delete(name);
    this.#threads.set(name, isJoined);
    const [oldest] = this.#threads.keys();
    if (this.#threads.size > knownThreads && oldest !== undefined) this.#threads.delete(oldest);
  }

  async #read(memory: Memory): Promise<void> {
    const [bots, commands] = [await memory.get("bots"), await memory.get("commands")];
    // Who signed in meanwhile knows better.
    if (this.bots.size === 0 && typeof bots === "object" && bots !== null)
      this.bots = new Map(Object.entries(bots).flatMap(botOf));
    if (this.commands.size === 0 && Array.isArray(commands)) {
      this.commands = new Set(commands.filter((name): name is string => typeof name === "string"));
    }
  }
}

function botOf([team, value]: readonly [string, unknown]): [string, KnownBot][] {
  const { userId, botId } = (typeof value === "object" && value !== null ? value : {}) as Readonly<Record<string, unknown>>;
  if (typeof userId !== "string" || userId === "") return [];
  return [[team, { userId, botId: typeof botId === "string" && botId !== "" ? botId : undefined }]];
}
