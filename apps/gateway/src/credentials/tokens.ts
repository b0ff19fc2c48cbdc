import { createHash } from "node:crypto";
import type { Clock } from "@hermes/core";
import type { Scope } from "@hermes/protocol";
import { ownerId, type Credential } from "./credential.ts";

/** A token and what it is good for. */
export interface TokenFacts {
  /** What it is known by, safe to log: the key that sets it. */
  readonly id: string;
  readonly token: string;
  readonly scope: Scope;
  readonly userId: string;
  /** No longer good from this moment on. */
  readonly untilMs?: number;
}

interface Entry {
  readonly credential: Credential;
  readonly end: () => void;
  untilMs: number;
  cancel: () => void;
}

/** The bearer tokens of this gateway. A token that ends takes its sockets with it in the same moment. */
export class Tokens {
  readonly #clock: Clock;
  readonly #byDigest = new Map<string, Entry>();

  constructor(tokens: readonly TokenFacts[], clock: Clock) {
    this.#clock = clock;
    for (const facts of tokens) this.add(facts);
  }

  /** Whose token this is. Looked up by its digest, which takes as long for a wrong one as for a right one. */
  find(token: string): Credential | undefined {
    const entry = this.#byDigest.get(digestOf(token));
    if (entry === undefined) return undefined;
    // A timer may be late: the machine may have slept.
    if (entry.untilMs > this.#clock.now()) return entry.credential;
    entry.end();
    return undefined;
  }

  /** One that is no longer good adds nothing, and neither does one that is there already: what was said of it first counts. */
  add({ id, token, scope, userId, untilMs }: TokenFacts): void {
    if (untilMs !== undefined && untilMs <= this.#clock.now()) return;
    const digest = digestOf(token);
    if (this.#byDigest.has(digest)) return;
    const controller = new AbortController();
    const credential: Credential = {
      id,
      userId,
      scope,
      ended: controller.signal,
      ...(userId === ownerId ? { userName: "Owner" } : {}),
    };
    const end = (): void => {
      this.#byDigest.delete(digest);
      controller.abort("the token has ended");
    };
    const entry: Entry = { credential, end, untilMs: Number.POSITIVE_INFINITY, cancel: () => undefined };
    this.#byDigest.set(digest, entry);
    if (untilMs !== undefined) this.#endEntry(entry, untilMs);
  }

  /** Nothing is let in by the tokens of this id from that moment on, and their sockets are closed. One that ends before does so still. */
  endAt(id: string, atMs: number): void {
    for (const entry of this.#byDigest.values()) {
      if (entry.credential.id === id && atMs < entry.untilMs) this.#endEntry(entry, atMs);
    }
  }

  #endEntry(entry: Entry, atMs: number): void {
    entry.cancel();
    entry.untilMs = atMs;
    if (atMs <= this.#clock.now()) entry.end();
    else entry.cancel = this.#clock.wakeAt(atMs, entry.end);
  }

  close(): void {
    for (const { cancel } of this.#byDigest.values()) cancel();
  }
}

/** The token in an `Authorization` header; undefined where it carries none. */
export function bearerOf(header: string | null | undefined): string | undefined {
  return /^Bearer +(\S{1,4096})$/iu.exec(header ?? "")?.[1];
}

function digestOf(token: string): string {
  return createHash("sha256").update(token).digest("base64");
}
