import type { Chat, Clock, Json } from "@hermes/core";
import type { Store } from "../store.ts";
import type { TargetForms } from "./target-form.ts";

/** Where they are remembered: no platform's name. */
const place = "$home-channels";

/** What home channels are kept with. */
export interface HomeChannelsParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory" | "deleteMemory">;
  readonly platforms: ReadonlyMap<string, unknown>;
  readonly clock: Clock;
  /** By platform, as its chats are written. */
  readonly configured: Readonly<Record<string, string>>;
  readonly forms: TargetForms;
  /** A chat with all that is known of it. */
  readonly complete: (chat: Chat) => Chat;
}

/** A platform's home channel, and who made it that. */
export interface HomeChannel {
  readonly platform: string;
  readonly chat: Chat;
  /** `chat`: somebody who looks after the gateway, there; this counts more. */
  readonly by: "chat" | "configuration";
}

/** The chat of each platform where the gateway tells what concerns whoever looks after it. */
export class HomeChannels {
  readonly #parts: HomeChannelsParts;
  readonly #configured: ReadonlyMap<string, Chat>;
  readonly #chosen = new Map<string, Chat>();

  /** @throws TypeError for a platform that is not there, and for what is no chat of it. */
  constructor(parts: HomeChannelsParts) {
    this.#parts = parts;
    this.#configured = new Map(Object.entries(parts.configured).map(([id, text]) => [id, configuredChat(id, text, parts)]));
  }

  /** Reads what was chosen earlier. Call it once, first. */
  async open(): Promise<void> {
    const { store, platforms, clock } = this.#parts;
    for (const platform of platforms.keys()) {
      const kept = await store.readMemory(place, platform, clock.now());
      // Nobody else writes there.
      if (kept !== undefined) this.#chosen.set(platform, kept as unknown as Chat);
    }
  }

  /** The home channel of a platform, if it has one. */
  of(platform: string): Chat | undefined {
    return this.find(platform)?.chat;
  }

  /** The same, with who made it that. */
  find(platform: string): HomeChannel | undefined {
    const chosen = this.#chosen.get(platform);
    if (chosen !== undefined) return { platform, chat: chosen, by: "chat" };
    const configured = this.#configured.get(platform);
    return configured === undefined ? undefined : { platform, chat: this.#parts.complete(configured), by: "configuration" };
  }

  /** All there are, in the order of the platforms. */
  list(): readonly HomeChannel[] {
    return [...this.#parts.platforms.keys()].flatMap((platform) => this.find(platform) ?? []);
  }

  /** Makes `chat` the home channel of its platform, also after a restart. */
  async set(chat: Chat): Promise<void> {
    const { platform } = chat.ref;
    await this.#parts.store.writeMemory({ platform: place, key: platform, value: chat as unknown as Json });
    this.#chosen.set(platform, chat);
  }

  /** Forgets what was chosen in a chat: what the configuration says counts again. false where nothing was chosen. */
  async forget(platform: string): Promise<boolean> {
    if (!this.#chosen.has(platform)) return false;
    await this.#parts.store.deleteMemory(place, platform);
    return this.#chosen.delete(platform);
  }
}

function configuredChat(platform: string, text: string, { platforms, forms }: HomeChannelsParts): Chat {
  if (!platforms.has(platform)) throw new TypeError(`delivery.homeChannels: there is no platform \`${platform}\``);
  const found = forms.parse(platform, text.trim());
  if (found === undefined)
    throw new TypeError(
      `delivery.homeChannels: ${JSON.stringify(text)} is no chat of ${forms.nameOf(platform)}. Write what stands behind \`${platform}:\` in a target.${forms.helpOf(platform)}`,
    );
  const { type = "dm", ...ref } = found;
  return { ref: { platform, ...ref }, type };
}
