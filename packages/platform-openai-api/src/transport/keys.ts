import { hash, timingSafeEqual } from "node:crypto";

/** Who calls with which key. */
export interface NamedKey {
  readonly name: string;
  readonly key: string;
}

/** Keys by what they look like hashed: neither content nor length of a key shows in the time a look-up takes. */
export class KeyRing {
  readonly #keys: readonly { readonly digest: Buffer; readonly named: NamedKey }[];

  constructor(keys: readonly NamedKey[]) {
    this.#keys = keys.map((named) => ({ digest: hash("sha256", named.key, "buffer"), named }));
  }

  /** Looks at every key, also behind the right one. */
  find(given: string): NamedKey | undefined {
    const digest = hash("sha256", given, "buffer");
    let found: NamedKey | undefined;
    for (const each of this.#keys) if (timingSafeEqual(each.digest, digest)) found = each.named;
    return found;
  }
}

/** What stands behind `Bearer` in the header; undefined where there is nothing of the kind. */
export function bearerOf(headers: Headers): string | undefined {
  return /^bearer +([\x21-\x7e]{1,1024})$/iu.exec(headers.get("authorization") ?? "")?.[1];
}
