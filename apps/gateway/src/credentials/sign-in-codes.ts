import { createHash, randomInt } from "node:crypto";
import type { Clock } from "@hermes/core";

const lifetimeMs = 10 * 60_000;
/** More at once nobody needs. */
const maxOpen = 10;
/** So many wrong guesses, from wherever they come, and every open code is withdrawn. */
const maxWrong = 50;
/** Letters and digits that are not taken for one another. */
const letters = "ABCDEFGHJKMNPQRSTVWXYZ23456789";
const codeLength = 10;

/** A one-time code that signs a browser in. */
export interface SignInCode {
  /** `ABCDE-23456`: about 49 bits. */
  readonly code: string;
  readonly expiresAtMs: number;
}

/** One-time codes for browsers: each works once, for ten minutes. */
export class SignInCodes {
  readonly #clock: Clock;
  /** By digest: what is looked up takes as long for a wrong code as for a right one. */
  readonly #open = new Map<string, number>();
  #wrong = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  make(): SignInCode {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined && this.#open.size >= maxOpen) this.#open.delete(oldest);
    const drawn = Array.from({ length: codeLength }, () => letters[randomInt(letters.length)] ?? "").join("");
    const expiresAtMs = this.#clock.now() + lifetimeMs;
    this.#open.set(digestOf(drawn), expiresAtMs);
    this.#wrong = 0;
    return { code: `${drawn.slice(0, 5)}-${drawn.slice(5)}`, expiresAtMs };
  }

  /** Whether the code is good; it is not afterwards. */
  take(code: string): boolean {
    const digest = digestOf(code.toUpperCase().replaceAll(/[^A-Z0-9]/gu, ""));
    const expiresAtMs = this.#open.get(digest);
    if (expiresAtMs === undefined) {
      this.#wrong += 1;
      if (this.#wrong >= maxWrong) this.#open.clear();
      return false;
    }
    this.#open.delete(digest);
    return this.#clock.now() < expiresAtMs;
  }
}

function digestOf(code: string): string {
  return createHash("sha256").update(code).digest("base64");
}
