import { agentOfSession, type Clock, type Json, type SessionKey } from "@hermes/core";
import type { Store } from "../store.ts";

/** Where choices are remembered: no platform's name. */
const place = "$choices";
const keptMs = 400 * 24 * 60 * 60_000;

/** What is chosen of an agent: values by the settings' ids. */
export type Chosen = Readonly<Record<string, string>>;

/** For which conversations a choice counts: for one, or for all of an agent in which nothing else was chosen. */
export type ChoiceScope = "session" | "agent";

/** What choices are kept with. */
export interface ChoicesParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory" | "deleteMemory">;
  readonly clock: Clock;
}

/** What people chose of agents, also for after a restart. */
export class Choices {
  readonly #parts: ChoicesParts;

  constructor(parts: ChoicesParts) {
    this.#parts = parts;
  }

  /** What counts in a conversation. */
  async of(key: SessionKey): Promise<Chosen> {
    const [general, own] = await Promise.all([this.#read(nameOf(key, "agent")), this.#read(nameOf(key, "session"))]);
    return { ...general, ...own };
  }

  /** Chooses; undefined takes a choice back. */
  async choose(key: SessionKey, scope: ChoiceScope, id: string, value: string | undefined): Promise<void> {
    const { store, clock } = this.#parts;
    const name = nameOf(key, scope);
    const { [id]: _before, ...others } = await this.#read(name);
    const chosen = value === undefined ? others : { ...others, [id]: value };
    if (Object.keys(chosen).length === 0) return await store.deleteMemory(place, name);
    const lifetime = scope === "agent" ? {} : { expiresAtMs: clock.now() + keptMs };
    await store.writeMemory({ platform: place, key: name, value: chosen, ...lifetime });
  }

  async #read(name: string): Promise<Chosen> {
    return read(await this.#parts.store.readMemory(place, name, this.#parts.clock.now()));
  }
}

/** No session's key begins like an agent's name here. */
function nameOf(key: SessionKey, scope: ChoiceScope): string {
  return scope === "session" ? key : `all of ${agentOfSession(key)}`;
}

function read(kept: Json | undefined): Chosen {
  if (typeof kept !== "object" || kept === null || Array.isArray(kept)) return {};
  return Object.fromEntries(Object.entries(kept).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
}
