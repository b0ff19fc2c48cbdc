import type { BlockList } from "node:net";
import type { IncomingHttpHeaders } from "node:http";
import { hostName, isHostAllowed } from "./address.ts";
import { blockListOf, includes, plainAddress } from "./networks.ts";

/** Who asks, as far as the socket tells and trusted proxies add. */
export interface Caller {
  /** Where the request comes from: behind a trusted proxy, what that says. */
  readonly address: string;
  /** Why the gateway's own doors are closed to this request, if they are. */
  readonly refusal?: Refusal;
  /** It comes from a page of another site. */
  readonly isForeign: boolean;
  /** Somebody goes to one of our pages, wherever they found the link: nothing is sent along, and nobody but they sees it. */
  readonly isVisit: boolean;
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
  return (peerAddress, headers) => {
    const remoteAddress = plainAddress(peerAddress) ?? "unknown";
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
    const isVisit = headers.origin === undefined && headers["sec-fetch-dest"] === "document";
    return { address, isForeign, isVisit, isSecure, ...(refusal === undefined ? {} : { refusal }) };
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

/**
 * From the nearest proxy outwards, the first address that is none of ours. What stands further out anybody may have written; behind
 * something that is no address nobody knows who it is.
 */
function clientBehind(headers: IncomingHttpHeaders, proxies: BlockList, remoteAddress: string): string {
  const listed = [headers["x-forwarded-for"] ?? []].flat().join(",");
  if (listed.trim() === "") return remoteAddress;
  let outermost = remoteAddress;
  for (const hop of listed.split(",").toReversed()) {
    const address = plainAddress(hop.trim());
    if (address === undefined) return "unknown";
    if (!includes(proxies, address)) return address;
    outermost = address;
  }
  return outermost;
}

function first(header: string | string[] | undefined): string | undefined {
  return [header ?? []].flat()[0]?.split(",")[0]?.trim();
}
