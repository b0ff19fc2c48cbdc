import { isUserId } from "../identifiers.ts";

/** What an address in somebody's text leads to. */
export type LinkTarget =
  | { readonly kind: "page"; readonly address: string }
  /** A person: clients show such a link as a pill, and older ones notify whom it names. */
  | { readonly kind: "person"; readonly userId: string }
  /** Nothing that may be linked. */
  | { readonly kind: "none" };

const none: LinkTarget = { kind: "none" };

/** The schemes of "a" in the specification (m.room.message msgtypes) that lead to pages, and Matrix's own. */
const schemes: ReadonlySet<string> = new Set(["https:", "http:", "mailto:", "matrix:"]);

/** Reads an address; a person is known however the link to them is written. */
export function linkTarget(address: string): LinkTarget {
  const url = URL.parse(address.trim());
  if (url === null || !schemes.has(url.protocol) || url.username !== "" || url.password !== "") return none;
  const person = personIn(url);
  if (person === undefined) return { kind: "page", address: url.href };
  return isUserId(person) ? { kind: "person", userId: person } : none;
}

/** The address of a person as clients know it (appendices, matrix.to navigation). */
export function personAddress(userId: string): string {
  return `https://matrix.to/#/${encodeURIComponent(userId)}`;
}

/** Whom a link names: `https://matrix.to/#/@ada:example.org` or `matrix:u/ada:example.org`; empty where that cannot be read. */
function personIn(url: URL): string | undefined {
  if (url.protocol === "matrix:") {
    const [, name] = /^(?:u|user)\/([^/?#]*)/u.exec(decoded(url.pathname)) ?? [];
    return name === undefined ? undefined : `@${name}`;
  }
  if (url.hostname.replace(/^www\.|\.$/gu, "") !== "matrix.to") return undefined;
  const target = decoded(decoded(url.hash)).replace(/^#?\/*/u, "");
  return target.startsWith("@") ? target.replace(/[/?].*$/u, "") : undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // With a broken escape it names nobody that can be read: as it stands it is no user id.
    return text;
  }
}
