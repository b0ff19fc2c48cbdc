import type { PlatformHost } from "@hermes/core";
import type { KnownBot } from "./decode/context.ts";

type Memory = PlatformHost["memory"];

/** What has to be known to read what Slack sends, also before the first connect and while Slack is out of reach. */
export class Facts {
  /** By workspace. */
  bots: ReadonlyMap<string, KnownBot> = new Map();
  /** Some workspaces could not be signed in to: what comes from one that is not known may be theirs. */
  isIncomplete = false;
  commands: ReadonlySet<string> = new Set();
  #recalled: Promise<void> | undefined;

  /** What an earlier process knew; once. */
  recall(memory: Memory): Promise<void> {
    this.#recalled ??= this.#read(memory).catch((error: unknown) => {
      this.#recalled = undefined;
      throw error;
    });
    return this.#recalled;
  }

  /** Who the bots are; where that is not the whole of it, who they were is not forgotten. */
  async noteBots(bots: ReadonlyMap<string, KnownBot>, isIncomplete: boolean, memory: Memory): Promise<void> {
    this.bots = isIncomplete ? new Map([...this.bots, ...bots]) : bots;
    this.isIncomplete = isIncomplete;
    const written = [...this.bots].map(([team, { userId = "", botId = "" }]) => [team, { userId, botId }] as const);
    await memory.set("bots", Object.fromEntries(written));
  }

  async noteCommands(names: readonly string[], memory: Memory): Promise<void> {
    this.commands = new Set(names);
    await memory.set("commands", [...this.commands]);
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
