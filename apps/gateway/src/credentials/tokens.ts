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
    return this.#byDigest.get(digestOf(token))?.credential;
  }

  /** One that is no longer good adds nothing. */
  add({ id, token, scope, userId, untilMs }: TokenFacts): void {
    if (untilMs !== undefined && untilMs <= this.#clock.now()) return;
    const digest = digestOf(token);
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
    this.#byDigest.set(digest, { credential, end, cancel: () => undefined });
    if (untilMs !== undefined) this.endAt(token, untilMs);
  }

  /** Nothing is let in by this token from that moment on, and its sockets are closed. */
  endAt(token: string, atMs: number): void {
    const entry = this.#byDigest.get(digestOf(token));
    if (entry === undefined) return;
    entry.cancel();
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
