import type { Chat, Clock, Json, Platform, SessionKey } from "@hermes/core";
import type { Store } from "../store.ts";
import { defaultModeOn, parseBusyMode, type BusyMode, type BusyPolicy } from "./busy-mode.ts";

/** Where choices are remembered: no platform's name. */
const place = "$busy";
const key = "choices";
/** The oldest choices go first. */
const maxChoices = 2000;

/** Whose mode is chosen: of one conversation, or of everybody in a chat. */
export type BusyScope = { readonly of: "session"; readonly key: SessionKey } | { readonly of: "chat"; readonly chat: Chat };

/** What modes are kept with. */
export interface BusyModesParts {
  readonly policy: BusyPolicy;
  readonly platforms: ReadonlyMap<string, Platform>;
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly clock: Clock;
}

/** Which mode counts where: what was chosen in a conversation, in its chat, or stands in the configuration, in this order. */
export class BusyModes {
  readonly #parts: BusyModesParts;
  #choices = new Map<string, BusyMode>();

  constructor(parts: BusyModesParts) {
    this.#parts = parts;
  }

  /** Reads what was chosen earlier. Call it once, first. */
  async open(): Promise<void> {
    const kept = await this.#parts.store.readMemory(place, key, this.#parts.clock.now());
    this.#choices = new Map(readChoices(kept));
  }

  of(sessionKey: SessionKey, { ref }: Chat): BusyMode {
    const { policy, platforms } = this.#parts;
    const chat = `${ref.platform}:${ref.chatId}`;
    return (
      this.#choices.get(sessionKey) ??
      this.#choices.get(chatName(chat)) ??
      policy.chats?.[chat] ??
      policy.platforms?.[ref.platform] ??
      policy.mode ??
      defaultModeOn(platforms.get(ref.platform)?.capabilities)
    );
  }

  /** Chooses a mode, also for after a restart; undefined takes the choice back. */
  async choose(scope: BusyScope, mode: BusyMode | undefined): Promise<void> {
    const name = scope.of === "session" ? scope.key : chatName(`${scope.chat.ref.platform}:${scope.chat.ref.chatId}`);
    const choices = new Map(this.#choices);
    choices.delete(name);
    if (mode !== undefined) choices.set(name, mode);
    for (const oldest of choices.keys()) {
      if (choices.size <= maxChoices) break;
      choices.delete(oldest);
    }
    await this.#parts.store.writeMemory({ platform: place, key, value: [...choices] });
    this.#choices = choices;
  }
}

/** No session's key begins so. */
function chatName(chat: string): string {
  return `chat ${chat}`;
}

function readChoices(kept: Json | undefined): (readonly [string, BusyMode])[] {
  if (!Array.isArray(kept)) return [];
  return kept.flatMap((entry) => {
    if (!Array.isArray(entry)) return [];
    const [name, mode] = entry as readonly Json[];
    const parsed = typeof mode === "string" ? parseBusyMode(mode) : undefined;
    return typeof name === "string" && parsed !== undefined ? [[name, parsed] as const] : [];
  });
}
