import type { Clock, Json, Logger } from "@hermes/core";
import { levelOf } from "../store-error.ts";
import type { Store } from "../store.ts";

/** Where it is remembered: no platform's name. */
const place = "$gateway";
const key = "presence";
const keepEveryMs = 30_000;

/** What presence is kept with. */
export interface PresenceParts {
  readonly store: Pick<Store, "readMemory" | "writeMemory">;
  readonly clock: Clock;
  readonly logger: Logger;
}

interface Seen {
  /** When the connection was made in which it was last seen. */
  readonly sinceMs: number;
  readonly seenMs: number;
}

/**
 * Since when each platform has been connected, and when it was last known to be: also after a restart, so that it can be told how long
 * a platform was away. What is remembered may be half a minute old; it is never too new.
 */
export class Presence {
  readonly #parts: PresenceParts;
  readonly #seen = new Map<string, Seen>();
  /** When the platform was last seen before the connection that it has now. */
  readonly #before = new Map<string, number>();
  readonly #sinceMs = new Map<string, number>();
  #keptAtMs = -Infinity;
  #isKept = true;
  #keeping: Promise<void> = Promise.resolve();

  constructor(parts: PresenceParts) {
    this.#parts = parts;
  }

  /** Reads what an earlier process knew. Call it once, first. */
  async open(): Promise<void> {
    const { store, clock } = this.#parts;
    const kept = await store.readMemory(place, key, clock.now());
    for (const [platform, seen] of Object.entries(kept !== null && typeof kept === "object" ? kept : {})) {
      if (isSeen(seen)) this.#seen.set(platform, seen);
    }
  }

  /** When the platform was last known to be connected: before the connection it has now, where it has one. undefined: never. */
  lastSeenMs(platform: string): number | undefined {
    return this.#sinceMs.has(platform) ? this.#before.get(platform) : this.#seen.get(platform)?.seenMs;
  }

  /** Since when it has been connected; undefined while it is not. */
  connectedSinceMs(platform: string): number | undefined {
    return this.#sinceMs.get(platform);
  }

  /** A fresh connection is there. */
  connected(platform: string): void {
    const before = this.#seen.get(platform)?.seenMs;
    if (before === undefined) this.#before.delete(platform);
    else this.#before.set(platform, before);
    this.#sinceMs.set(platform, this.#parts.clock.now());
  }

  /** Its connection has proven at `atMs` that it reaches the platform. */
  proven(platform: string, atMs: number): void {
    const sinceMs = this.#sinceMs.get(platform) ?? atMs;
    this.#seen.set(platform, { sinceMs, seenMs: atMs });
    this.#isKept = false;
    if (this.#parts.clock.now() - this.#keptAtMs >= keepEveryMs) this.#keep();
  }

  /** Its connection is over. */
  ended(platform: string): void {
    this.#sinceMs.delete(platform);
  }

  /** Remembers what is not yet remembered. */
  async close(): Promise<void> {
    if (!this.#isKept) this.#keep();
    await this.#keeping;
  }

  #keep(): void {
    const { store, clock, logger } = this.#parts;
    this.#keptAtMs = clock.now();
    this.#isKept = true;
    const value: Json = Object.fromEntries(
      [...this.#seen].map(([platform, { sinceMs, seenMs }]) => [platform, { sinceMs, seenMs }]),
    );
    this.#keeping = store
      .writeMemory({ platform: place, key, value })
      // Not kept, a gap only looks longer than it was.
      .catch((error: unknown) =>
        logger[levelOf(error)](
          `When platforms were last seen was not kept: ${error instanceof Error ? error.message : String(error)}`,
        ),
      );
  }
}

function isSeen(value: Json | undefined): value is Json & Seen {
  if (typeof value !== "object" || value === null) return false;
  const { sinceMs, seenMs } = value as Partial<Seen>;
  return Number.isSafeInteger(sinceMs) && Number.isSafeInteger(seenMs);
}
