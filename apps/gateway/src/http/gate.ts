import { BlockList, isIP } from "node:net";
import type { IncomingHttpHeaders } from "node:http";
import { hostName, isHostAllowed } from "./address.ts";

/** Who asks, as far as the socket tells and trusted proxies add. */
export interface Caller {
  /** Where the request comes from: behind a trusted proxy, what that says. */
  readonly address: string;
  /** Why the gateway's own doors are closed to this request, if they are. */
  readonly refusal?: Refusal;
  /** It comes from a page of another site. */
  readonly isForeign: boolean;
  /** The way to the browser is encrypted. */
  readonly isSecure: boolean;
}

/** Why a request is not let near the gateway's own doors. */
export type Refusal = "host" | "address" | "forwarded";

/** What the gate knows of the gateway. */
export interface GateOptions {
  readonly listeningOn: string;
  readonly isTls: boolean;
  /** The address that people use, where there is a proxy or a name. */
  readonly publicUrl?: URL;
  /** Addresses and networks of proxies that are believed. */
  readonly trustedProxies: readonly string[];
  /** Addresses and networks that may come in; empty: all. */
  readonly allowAddresses: readonly string[];
}

/** Looks at where a request comes from, before anything of it is believed. */
export type Gate = (remoteAddress: string, headers: IncomingHttpHeaders) => Caller;

const forwardingHeaders = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip"] as const;

/** The gate of this gateway. */
export function createGate({ listeningOn, isTls, publicUrl, trustedProxies, allowAddresses }: GateOptions): Gate {
  const proxies = blockListOf(trustedProxies);
  const allowed = allowAddresses.length === 0 ? undefined : blockListOf(allowAddresses);
  return (remoteAddress, headers) => {
    const isProxied = includes(proxies, remoteAddress);
    const isForwarded = forwardingHeaders.some((name) => headers[name] !== undefined);
    const address = isProxied ? clientBehind(headers, proxies, remoteAddress) : remoteAddress;
    const isSecure =
      isTls || (isProxied && (publicUrl?.protocol === "https:" || first(headers["x-forwarded-proto"]) === "https"));
    const host = headers.host ?? "";
    const name = hostName(host);
    const isNamed = name !== undefined && (isHostAllowed(name, listeningOn) || name === publicUrl?.hostname.toLowerCase());
    const refusal: Refusal | undefined = !isNamed
      ? "host"
      : isForwarded && !isProxied
        ? "forwarded"
        : allowed !== undefined && !includes(allowed, address)
          ? "address"
          : undefined;
    const isForeign = !isOriginOwn(headers, host, isSecure, publicUrl);
    return { address, isForeign, isSecure, ...(refusal === undefined ? {} : { refusal }) };
  };
}

/** Whether no page of another site has asked: programs name no origin, and browsers name it truly. */
function isOriginOwn(
  { origin, "sec-fetch-site": site }: IncomingHttpHeaders,
  host: string,
  isSecure: boolean,
  publicUrl: URL | undefined,
): boolean {
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  if (origin === undefined) return true;
  return origin === publicUrl?.origin || origin === `${isSecure ? "https" : "http"}://${host}`;
}

/** From the nearest proxy outwards, the first address that is none of ours. */
function clientBehind(headers: IncomingHttpHeaders, proxies: BlockList, remoteAddress: string): string {
  const listed = [headers["x-forwarded-for"] ?? []].flat().join(",");
  const hops = listed.split(",").map((hop) => hop.trim());
  return hops.findLast((hop) => isIP(hop) !== 0 && !includes(proxies, hop)) ?? remoteAddress;
}

function first(header: string | string[] | undefined): string | undefined {
  return [header ?? []].flat()[0]?.split(",")[0]?.trim();
}

/** Whether a text names an address or a network, such as `10.0.0.0/8`. */
export function isNetwork(text: string): boolean {
  const [address = "", prefix] = text.split("/", 2);
  const kind = isIP(address);
  if (kind === 0) return false;
  if (prefix === undefined) return true;
  return /^\d{1,3}$/u.test(prefix) && Number(prefix) <= (kind === 4 ? 32 : 128);
}

function blockListOf(networks: readonly string[]): BlockList {
  const list = new BlockList();
  for (const network of networks) {
    const [address = "", prefix] = network.split("/", 2);
    const family = isIP(address) === 6 ? "ipv6" : "ipv4";
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

function includes(list: BlockList, address: string): boolean {
  const plain = address.startsWith("::ffff:") && isIP(address.slice(7)) === 4 ? address.slice(7) : address;
  const kind = isIP(plain);
  return kind !== 0 && list.check(plain, kind === 6 ? "ipv6" : "ipv4");
}
