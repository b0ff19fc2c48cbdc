import { createHash, randomBytes } from "node:crypto";
import type { Clock } from "@hermes/core";
import type { Store } from "@hermes/runtime";
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
}

/** Browsers that have signed in. Of the secret in their cookie only a digest is kept. */
export class PageSessions {
  readonly #store: Pick<Store, "readMemory" | "writeMemory" | "deleteMemory">;
  readonly #clock: Clock;
  readonly #known = new Map<string, Known>();

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
      known.expiresAtMs = nowMs + pageSessionLifetimeMs;
      await this.#keep(digest, known.expiresAtMs);
    }
    return known.credential;
  }

  /** Signs a browser out and closes its sockets. */
  async end(secret: string): Promise<void> {
    const digest = digestOf(secret);
    this.#forget(digest);
    await this.#store.deleteMemory(place, digest);
  }

  async #keep(digest: string, expiresAtMs: number): Promise<void> {
    await this.#store.writeMemory({ platform: place, key: digest, value: expiresAtMs, expiresAtMs });
  }

  async #recall(digest: string, nowMs: number): Promise<Known | undefined> {
    const kept = await this.#store.readMemory(place, digest, nowMs);
    return typeof kept === "number" ? (this.#known.get(digest) ?? this.#learn(digest, kept)) : undefined;
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
    const known: Known = { credential, controller, expiresAtMs };
    this.#known.set(digest, known);
    const [oldest] = this.#known.keys();
    // Known still by the store; only its sockets would not hear of its end, so those are closed now.
    if (oldest !== undefined && this.#known.size > maxKnown) this.#forget(oldest);
    return known;
  }

  #forget(digest: string): void {
    this.#known.get(digest)?.controller.abort("signed out");
    this.#known.delete(digest);
  }
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
