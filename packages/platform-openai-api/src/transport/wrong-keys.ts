import type { Clock } from "@hermes/core";

const windowMs = 60_000;
const allowedPerAddress = 10;
const allowedInAll = 600;
const maxAddresses = 10_000;

interface Window {
  count: number;
  readonly untilMs: number;
}

/**
 * Counts wrong keys. Ten within a minute, and an address is not listened to for the rest of it, whatever key it sends then. Of wrong
 * keys from everywhere only so many are answered with a look at the key; a right one is always let in from an address that is not blocked.
 */
export class WrongKeys {
  readonly #clock: Clock;
  readonly #addresses = new Map<string, Window>();
  #all: Window = { count: 0, untilMs: 0 };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** For how many seconds an address is not listened to; undefined: it is. */
  blockedSeconds(address: string | undefined): number | undefined {
    const window = address === undefined ? undefined : this.#addresses.get(address);
    return window === undefined || window.count < allowedPerAddress ? undefined : this.#left(window);
  }

  /** Counts one; for how many seconds there have been too many by now. */
  note(address: string | undefined): number | undefined {
    const nowMs = this.#clock.now();
    if (this.#all.untilMs <= nowMs) this.#all = { count: 0, untilMs: nowMs + windowMs };
    this.#all.count += 1;
    if (address !== undefined) this.#noteAddress(address, nowMs);
    return this.#all.count > allowedInAll ? this.#left(this.#all) : undefined;
  }

  #noteAddress(address: string, nowMs: number): void {
    const known = this.#addresses.get(address);
    if (known !== undefined && known.untilMs > nowMs) {
      known.count += 1;
      return;
    }
    this.#addresses.delete(address);
    if (this.#addresses.size >= maxAddresses) this.#forgetOne();
    this.#addresses.set(address, { count: 1, untilMs: nowMs + windowMs });
  }

  /** Those first noted are the first to be over. */
  #forgetOne(): void {
    for (const address of this.#addresses.keys()) {
      this.#addresses.delete(address);
      return;
    }
  }

  #left({ untilMs }: Window): number | undefined {
    const leftMs = untilMs - this.#clock.now();
    return leftMs <= 0 ? undefined : Math.ceil(leftMs / 1000);
  }
}
