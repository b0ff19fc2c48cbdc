import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import type { Clock } from "@hermes/core";
import type { OwnerClaim } from "./options.ts";

/** Without characters that look alike. */
const alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const codeLength = 10;
const defaultLifetimeMs = 10 * 60_000;
/** Fifty bits and ten tries in all: guessing is hopeless, and a flood of guesses only ends the claim. */
const maxWrongCodes = 10;

/** The one open claim of a gateway: a code whose first sender becomes the owner. Kept in memory only. */
export class OwnerClaims {
  readonly #clock: Clock;
  #open: { readonly digest: Buffer; readonly expiresAtMs: number; wrong: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(lifetimeMs: number = defaultLifetimeMs): OwnerClaim {
    const code = Array.from({ length: codeLength }, () => alphabet.charAt(randomInt(alphabet.length))).join("");
    const expiresAtMs = this.#clock.now() + lifetimeMs;
    this.#open = { digest: digest(code), expiresAtMs, wrong: 0 };
    return { code, expiresAtMs };
  }

  /**
   * Takes the claim if `text` carries its code, and ends it at once: nobody can use it a second time. The answer gives it back, for
   * when the taker's message could not be stored; undefined = not the code.
   */
  take(text: string): (() => void) | undefined {
    const claim = this.#open;
    const code = claim === undefined ? undefined : codeIn(text);
    if (claim === undefined || code === undefined) return undefined;
    if (this.#clock.now() >= claim.expiresAtMs) {
      this.#open = undefined;
      return undefined;
    }
    if (timingSafeEqual(digest(code), claim.digest)) {
      this.#open = undefined;
      return () => {
        this.#open ??= claim;
      };
    }
    claim.wrong += 1;
    if (claim.wrong >= maxWrongCodes) this.#open = undefined;
    return undefined;
  }
}

/** A code alone, or behind the command that a deep link sends. */
const codePattern = new RegExp(`^(?:/start\\s+)?([${alphabet}]{${codeLength}})$`, "u");

function codeIn(text: string): string | undefined {
  return codePattern.exec(text.trim())?.[1];
}

function digest(code: string): Buffer {
  return createHash("sha256").update(code).digest();
}
