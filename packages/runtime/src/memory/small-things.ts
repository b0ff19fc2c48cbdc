import type { Json } from "@hermes/core";
import type { AccessGrant, MemoryEntry, ParkedChat } from "../store.ts";

/** Platforms' cursors and small values, chats that cannot be reached, and who was made more than the configuration says. */
export class SmallThings {
  readonly #memory = new Map<string, MemoryEntry>();
  readonly #parked = new Map<string, ParkedChat>();
  readonly #grants = new Map<string, AccessGrant>();

  read(platform: string, key: string, nowMs: number): Json | undefined {
    const entry = this.#memory.get(joinKey(platform, key));
    return entry === undefined || (entry.expiresAtMs ?? Infinity) <= nowMs ? undefined : entry.value;
  }

  write(entry: MemoryEntry): void {
    this.#memory.set(joinKey(entry.platform, entry.key), entry);
  }

  delete(platform: string, key: string): void {
    this.#memory.delete(joinKey(platform, key));
  }

  park(parked: ParkedChat): void {
    this.#parked.set(joinKey(parked.platform, parked.chatId), parked);
  }

  unpark(platform: string, chatId: string): void {
    this.#parked.delete(joinKey(platform, chatId));
  }

  parked(): readonly ParkedChat[] {
    return [...this.#parked.values()];
  }

  grant(grant: AccessGrant): void {
    this.#grants.set(joinKey(grant.platform, grant.userId), grant);
  }

  revoke(platform: string, userId: string): boolean {
    return this.#grants.delete(joinKey(platform, userId));
  }

  grants(): readonly AccessGrant[] {
    return [...this.#grants.values()];
  }

  sweep(nowMs: number): void {
    for (const [key, entry] of this.#memory) if ((entry.expiresAtMs ?? Infinity) <= nowMs) this.#memory.delete(key);
  }
}

function joinKey(platform: string, key: string): string {
  return `${platform}\n${key}`;
}
