import { createHash, timingSafeEqual } from "node:crypto";

/** Whether an `Authorization` header carries `token`. Takes as long for a wrong one as for the right one. */
export function carriesToken(header: string | null | undefined, token: string): boolean {
  const given = /^Bearer +(\S+)$/iu.exec(header ?? "")?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}

const windowMs = 60_000;
const maxFailures = 10;
const maxAddresses = 10_000;

/** Counts wrong tokens per address: after ten within a minute the address is not listened to until that minute is over. */
export class FailureLimit {
  readonly #now: () => number;
  readonly #byAddress = new Map<string, { readonly sinceMs: number; count: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  isBlocked(address: string): boolean {
    const entry = this.#byAddress.get(address);
    return entry !== undefined && entry.count >= maxFailures && this.#now() - entry.sinceMs < windowMs;
  }

  add(address: string): void {
    const entry = this.#byAddress.get(address);
    if (entry !== undefined && this.#now() - entry.sinceMs < windowMs) {
      entry.count += 1;
      return;
    }
    if (this.#byAddress.size >= maxAddresses) this.#byAddress.clear();
    this.#byAddress.set(address, { sinceMs: this.#now(), count: 1 });
  }
}
