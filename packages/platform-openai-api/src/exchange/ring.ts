import type { PlatformHost } from "@hermes/core";

const slotLifetimeMs = 60 * 24 * 60 * 60_000;

/** Remembers the newest `size` names in durable memory: with one more, the oldest is let go. */
export class Ring {
  readonly #name: string;
  readonly #size: number;
  #last: Promise<void> = Promise.resolve();

  constructor(name: string, size: number) {
    this.#name = name;
    this.#size = size;
  }

  /** Names a key of the memory that holds something; what the key in whose place it comes holds is deleted. */
  async add(memory: PlatformHost["memory"], key: string): Promise<void> {
    const added = this.#last.then(() => this.#add(memory, key));
    // Whoever added is told of a failure; the next one is not concerned.
    this.#last = added.catch(() => undefined);
    await added;
  }

  async #add(memory: PlatformHost["memory"], key: string): Promise<void> {
    const counter = `${this.#name}:next`;
    const kept = await memory.get(counter);
    const at = typeof kept === "number" && Number.isInteger(kept) && kept >= 0 && kept < this.#size ? kept : 0;
    const slot = `${this.#name}:${at}`;
    const oldest = await memory.get(slot);
    if (typeof oldest === "string" && oldest !== key) await memory.delete(oldest);
    await memory.set(slot, key, { ttlMs: slotLifetimeMs });
    await memory.set(counter, (at + 1) % this.#size);
  }
}
