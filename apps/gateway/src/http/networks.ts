import { BlockList, isIP, isIPv4, isIPv6 } from "node:net";

/**
 * An address as it can be compared: without a port, a zone, or the clothes of IPv6 that an address of IPv4 may wear; undefined for what
 * is none.
 */
export function plainAddress(text: string): string | undefined {
  const bare = /^\[(?<inside>[^\]]+)\](?::\d{1,5})?$/u.exec(text)?.groups?.["inside"] ?? text;
  const [address = ""] = (/^[\d.]+:\d{1,5}$/u.test(bare) ? bare.split(":", 1) : bare.split("%", 1)) as readonly string[];
  if (isIPv4(address)) return address;
  return isIPv6(address) ? fromIPv6(address.toLowerCase()) : undefined;
}

/** The one way to write an address of IPv6; one that stands for an address of IPv4 is that. */
function fromIPv6(address: string): string {
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const mapped = /^::ffff:(?<high>[0-9a-f]{1,4}):(?<low>[0-9a-f]{1,4})$/u.exec(written)?.groups;
  if (mapped === undefined) return written;
  const [high, low] = [Number.parseInt(mapped["high"] ?? "", 16), Number.parseInt(mapped["low"] ?? "", 16)];
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}

/** Whether a text names an address or a network, such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const kind = isIP(address);
  if (kind === 0 || address.includes("%") || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/u.test(prefix) && Number(prefix) <= (kind === 4 ? 32 : 128);
}

/** Addresses and networks, each of which `isNetwork`. */
export function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/", 2);
    if (prefix === undefined) {
      const plain = plainAddress(address) ?? address;
      list.addAddress(plain, isIPv6(plain) ? "ipv6" : "ipv4");
    } else list.addSubnet(address, Number(prefix), isIPv6(address) ? "ipv6" : "ipv4");
  }
  return list;
}

/** Whether an address is one of these; what is no address is none. */
export function includes(list: BlockList, address: string): boolean {
  const kind = isIP(address);
  return kind !== 0 && list.check(address, kind === 6 ? "ipv6" : "ipv4");
}
