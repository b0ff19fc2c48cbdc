import type { Json, PlatformHost } from "@hermes/core";

const maxCommands = 200;

/** The commands that people may write with `!`: clients keep a `/` for themselves. Remembered, so that they are known from the start. */
export class Commands {
  readonly #host: PlatformHost;
  readonly #key: string;
  #names: ReadonlySet<string> = new Set();

  constructor(host: PlatformHost, botId: string) {
    this.#host = host;
    this.#key = `commands:${botId}`;
  }

  get names(): ReadonlySet<string> {
    return this.#names;
  }

  async recall(): Promise<void> {
    this.#take(await this.#host.memory.get(this.#key));
  }

  async publish(commands: readonly { readonly name: string }[]): Promise<void> {
    const names: Json = commands.slice(0, maxCommands).map(({ name }) => name.toLowerCase());
    this.#take(names);
    await this.#host.memory.set(this.#key, names);
  }

  #take(value: Json | undefined): void {
    const names = Array.isArray(value) ? (value as readonly Json[]) : [];
    this.#names = new Set(names.filter((name) => typeof name === "string").slice(0, maxCommands));
  }
}
