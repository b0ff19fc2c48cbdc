import { lookup as dnsLookup, type LookupAddress, type LookupOptions } from "node:dns";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { BlockList, isIP } from "node:net";
import { Readable } from "node:stream";

const maxRedirects = 5;
const connectTimeoutMs = 15_000;

/** Addresses that belong to this machine, this network or nobody: nothing from outside may make the gateway call them. */
const inner = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  inner.addSubnet(network, bits, "ipv4");
}
/** Of IPv6 only the global unicast range is public; inside it these carry or stand for other addresses. */
const innerSix = new BlockList();
for (const [network, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  innerSix.addSubnet(network, bits, "ipv6");
}
const globalSix = new BlockList();
globalSix.addSubnet("2000::", 3, "ipv6");

/** Whether an address is on the public internet, in whatever form it is written. */
export function isPublicAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return !inner.check(address, "ipv4");
    case 6:
      return globalSix.check(address, "ipv6") && !innerSix.check(address, "ipv6");
    default:
      return false;
  }
}

/**
 * Fetches an address that came from outside. Every address a name stands for is looked at and the one looked at is the one called,
 * at each redirect anew; credentials go no further than the host they were meant for.
 *
 * @throws TypeError for an address that may not be called, saying why.
 */
export async function guardedFetch(
  request: Request,
  isAllowed: (address: string) => boolean = isPublicAddress,
): Promise<Response> {
  let url = new URL(request.url);
  let headers = headersOf(request.headers);
  let method = request.method;
  let body = method === "GET" || method === "HEAD" ? undefined : Buffer.from(await request.arrayBuffer());
  for (let redirects = 0; redirects <= maxRedirects; redirects += 1) {
    const answer = await call(url, { method, headers, body, signal: request.signal, isAllowed });
    const location = answer.headers.location;
    const status = answer.statusCode ?? 0;
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined) return toResponse(answer, status);
    // What a redirect says besides is of no use, and may have no end.
    answer.destroy();
    const next = new URL(location, url);
    if (next.origin !== url.origin) headers = withoutCredentials(headers);
    if (status === 303 || (status !== 307 && status !== 308 && method === "POST")) {
      method = "GET";
      body = undefined;
    }
    url = next;
  }
  throw new TypeError(`${url.host} redirects more than ${maxRedirects} times`);
}

interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
  readonly signal: AbortSignal;
  readonly isAllowed: (address: string) => boolean;
}

async function call(url: URL, { method, headers, body, signal, isAllowed }: Call): Promise<IncomingMessage> {
  if (url.protocol !== "https:" && url.protocol !== "http:")
    throw new TypeError(`Only http and https can be fetched, not ${url.protocol}`);
  if (url.username !== "" || url.password !== "")
    throw new TypeError(`An address with credentials in it is not fetched: ${url.host}`);
  const literal = url.hostname.replace(/^\[|\]$/gu, "");
  if (isIP(literal) !== 0 && !isAllowed(literal)) throw notPublic(url.hostname);
  const send = url.protocol === "https:" ? httpsRequest : httpRequest;
  return await new Promise((resolve, reject) => {
    const outgoing = send(
      url,
      { method, headers, signal, lookup: guardedLookup(isAllowed), timeout: connectTimeoutMs, agent: false },
      resolve,
    );
    outgoing.on("timeout", () => outgoing.destroy(new Error(`${url.host} did not answer within ${connectTimeoutMs} ms`)));
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

type LookupCallback = (error: NodeJS.ErrnoException | null, address: string | LookupAddress[], family?: number) => void;

/** Resolves a name like Node does, and refuses it when any of its addresses may not be called. */
function guardedLookup(isAllowed: (address: string) => boolean) {
  return (hostname: string, options: LookupOptions, callback: LookupCallback): void => {
    dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
      const first = addresses?.[0];
      if (error !== null) callback(error, []);
      else if (first === undefined || addresses.some(({ address }) => !isAllowed(address))) callback(notPublic(hostname), []);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };
}

function notPublic(host: string): TypeError {
  return new TypeError(`${host} is not an address on the public internet, so it is not fetched`);
}

function headersOf(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    [...headers].filter(([name]) => name !== "host" && name !== "connection" && name !== "content-length"),
  );
}

function withoutCredentials(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => !["authorization", "cookie", "proxy-authorization"].includes(name)),
  );
}

function toResponse(answer: IncomingMessage, status: number): Response {
  const headers = new Headers();
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    headers.append(answer.rawHeaders[index] ?? "", answer.rawHeaders[index + 1] ?? "");
  }
  const hasBody = status !== 204 && status !== 205 && status !== 304;
  if (!hasBody) answer.resume();
  return new Response(hasBody ? (Readable.toWeb(answer) as ReadableStream<Uint8Array>) : null, { status, headers });
}
