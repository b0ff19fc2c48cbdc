import { isIPv6 } from "node:net";

const windowMs = 60_000;
const maxFailures = 10;
const maxAddresses = 10_000;

/** Counts wrong credentials per address: after ten within a minute the address is not listened to until that minute is over. */
export class FailureLimit {
  readonly #now: () => number;
  readonly #byAddress = new Map<string, { readonly sinceMs: number; count: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  isBlocked(address: string): boolean {
    const entry = this.#byAddress.get(networkOf(address));
    return entry !== undefined && entry.count >= maxFailures && this.#now() - entry.sinceMs < windowMs;
  }

  add(address: string): void {
    const network = networkOf(address);
    const entry = this.#byAddress.get(network);
    if (entry !== undefined && this.#now() - entry.sinceMs < windowMs) {
      entry.count += 1;
      return;
    }
    const [oldest] = this.#byAddress.keys();
    if (oldest !== undefined && this.#byAddress.size >= maxAddresses) this.#byAddress.delete(oldest);
    this.#byAddress.delete(network);
    this.#byAddress.set(network, { sinceMs: this.#now(), count: 1 });
  }
}

/** Whoever has one address of IPv6 has its whole /64. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith("::ffff:")) return address;
  const [head = "", tail = ""] = address.split("::", 2);
  const left = head === "" ? [] : head.split(":");
  const right = tail === "" ? [] : tail.split(":");
  const zeros = address.includes("::") ? Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => "0") : [];
  return [...left, ...zeros, ...right].slice(0, 4).join(":");
}
