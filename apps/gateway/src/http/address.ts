import { BlockList, isIP } from "node:net";
import { hostname } from "node:os";

/** Whether the gateway listens for this machine alone. */
export function isLoopback(host: string): boolean {
  if (host === "localhost") return true;
  const kind = isIP(host);
  if (kind === 0) return false;
  return loopback.check(host, kind === 4 ? "ipv4" : "ipv6");
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** An address's host as it stands in a URL. */
export function urlHost(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

const hostHeader = /^(?<name>[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/iu;

/** The `Host` header's name without port, in lower case; undefined when it is none. */
export function hostName(header: string | undefined): string | undefined {
  return hostHeader.exec(header ?? "")?.groups?.["name"]?.toLowerCase();
}

/**
 * Whether a page that a browser was lured to cannot have asked: only this machine's own names count, since any other name may have
 * been made to point here (DNS rebinding). A gateway that others can reach is also asked by its addresses, which need no name.
 */
export function isHostAllowed(name: string, listeningOn: string): boolean {
  if (name === "localhost" || name === "127.0.0.1" || name === "[::1]" || name === urlHost(listeningOn)) return true;
  if (isLoopback(listeningOn)) return false;
  return isIP(name.replaceAll(/^\[|\]$/gu, "")) !== 0 || name === hostname().toLowerCase();
}
