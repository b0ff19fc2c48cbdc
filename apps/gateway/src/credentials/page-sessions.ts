import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "@hermes/core";
import { isStoreError, type Store } from "@hermes/runtime";
import { ownerId, type Credential } from "./credential.ts";

/** A browser that is not used for so long has to sign in again. */
export const pageSessionLifetimeMs = 30 * 24 * 60 * 60_000;
/** How often its end is put off. */
const renewEveryMs = 24 * 60 * 60_000;
/** Browsers that are known without asking the store. */
const maxKnown = 1000;
/** Where browsers are remembered: no platform's name. */
const place = "$console";

interface Known {
  readonly credential: Credential;
  readonly controller: AbortController;
  expiresAtMs: number;
  cancel: () => void;
}

/** Browsers that have signed in. Of the secret in their cookie only a digest is kept. */
export class PageSessions {
  readonly #store: Pick<Store, "readMemory" | "writeMemory" | "deleteMemory">;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();
  /** Signed out a moment ago: what was read of them before counts no longer. */
  readonly #ended = new Set<string>();

  constructor(store: Pick<Store, "readMemory" | "writeMemory" | "deleteMemory">, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Signs a browser in; answers the secret for its cookie. */
  async begin(): Promise<string> {
    const secret = randomBytes(32).toString("base64url");
    const digest = digestOf(secret);
    const expiresAtMs = this.#clock.now() + pageSessionLifetimeMs;
    await this.#keep(digest, expiresAtMs);
    this.#learn(digest, expiresAtMs);
    return secret;
  }

  async find(secret: string): Promise<Credential | undefined> {
    const digest = digestOf(secret);
    const nowMs = this.#clock.now();
    const known = this.#known.get(digest) ?? (await this.#recall(digest, nowMs));
    if (known === undefined) return undefined;
    if (known.expiresAtMs <= nowMs) {
      this.#forget(digest);
      return undefined;
    }
    if (known.expiresAtMs - nowMs < pageSessionLifetimeMs - renewEveryMs) {
      await this.#renew(digest, known, nowMs + pageSessionLifetimeMs);
    }
    return this.#known.get(digest)?.credential;
  }

  /** Signs a browser out and closes its sockets. */
  async end(secret: string): Promise<void> {
    const digest = digestOf(secret);
    this.#forget(digest);
    this.#ended.add(digest);
    const [oldest] = this.#ended;
    if (oldest !== undefined && this.#ended.size > maxKnown) this.#ended.delete(oldest);
    await this.#store.deleteMemory(place, digest);
  }

  /** Nobody is waited for any longer. */
  close(): void {
    for (const { cancel } of this.#known.values()) cancel();
  }

  async #renew(digest: string, known: Known, expiresAtMs: number): Promise<void> {
    try {
      await this.#keep(digest, expiresAtMs);
    } catch (error) {
      // It is good for weeks still, and asks again: a store that is full must not lock out whoever comes to make room.
      if (!isStoreError(error)) throw error;
      return;
    }
    // Signed out meanwhile, perhaps, and then written down once more.
    if (this.#ended.has(digest)) await this.#store.deleteMemory(place, digest);
    else this.#endAt(digest, known, expiresAtMs);
  }

  /** A session that is over takes its sockets with it. */
  #endAt(digest: string, known: Known, expiresAtMs: number): void {
    known.cancel();
    known.expiresAtMs = expiresAtMs;
    known.cancel = this.#clock.wakeAt(expiresAtMs, () => this.#forget(digest));
  }

  async #keep(digest: string, expiresAtMs: number): Promise<void> {
    await this.#store.writeMemory({ platform: place, key: digest, value: expiresAtMs, expiresAtMs });
  }

  async #recall(digest: string, nowMs: number): Promise<Known | undefined> {
    const kept = await this.#store.readMemory(place, digest, nowMs);
    return typeof kept === "number" && !this.#ended.has(digest)
      ? (this.#known.get(digest) ?? this.#learn(digest, kept))
      : undefined;
  }

  #learn(digest: string, expiresAtMs: number): Known {
    const controller = new AbortController();
    const credential: Credential = {
      id: `page ${digest.slice(0, 6)}`,
      userId: ownerId,
      userName: "Owner",
      scope: "admin",
      ended: controller.signal,
    };
    const known: Known = { credential, controller, expiresAtMs, cancel: () => undefined };
    this.#known.set(digest, known);
    this.#endAt(digest, known, expiresAtMs);
    const [oldest] = this.#known.keys();
    // Known still by the store; only its sockets would not hear of its end, so those are closed now.
    if (oldest !== undefined && this.#known.size > maxKnown) this.#forget(oldest);
    return known;
  }

  #forget(digest: string): void {
    const known = this.#known.get(digest);
    known?.cancel();
    this.#known.delete(digest);
    known?.controller.abort("signed out");
  }
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
