import type { Chat, Clock, Json } from "@hermes/core";
import type { Store } from "../store.ts";

/** Where they are remembered: no platform's name. */
const place = "$home-channels";

/** What home channels are kept with. */
export interface HomeChannelsParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly clock: Clock;
}

/** The chat of each platform where the gateway tells what concerns whoever looks after it. */
export class HomeChannels {
  readonly #parts: HomeChannelsParts;
  readonly #chats = new Map<string, Chat>();

  constructor(parts: HomeChannelsParts) {
    this.#parts = parts;
  }

  /** Reads what was chosen earlier. Call it once, first. */
  async open(): Promise<void> {
    const { store, platforms, clock } = this.#parts;
    for (const platform of platforms.keys()) {
      const kept = await store.readMemory(place, platform, clock.now());
      // Nobody else writes there.
      if (kept !== undefined) this.#chats.set(platform, kept as unknown as Chat);
    }
  }

  /** The home channel of a platform, if it has one. */
  of(platform: string): Chat | undefined {
    return this.#chats.get(platform);
  }

  /** Makes `chat` the home channel of its platform, also after a restart. */
  async set(chat: Chat): Promise<void> {
    const { platform } = chat.ref;
    await this.#parts.store.writeMemory({ platform: place, key: platform, value: chat as unknown as Json });
    this.#chats.set(platform, chat);
  }
}
