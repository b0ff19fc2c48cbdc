import { PlatformError } from "@hermes/core";

/** Such a file is a few lines long. */
const maxBytes = 64 * 1024;
const patienceMs = 15_000;

/**
 * Where clients of a server find its homeserver (client-server API, Server discovery): an address is taken as it is, a name is looked
 * up at `root`, by default `https://<name>`. Throws a `PlatformError`.
 */
export async function findHomeserver(homeserver: string, platform: string, signal: AbortSignal, root?: string): Promise<string> {
  if (/^https?:\/\//u.test(homeserver)) return homeserver;
  const origin = root ?? `https://${homeserver}`;
  const fail = (failure: PlatformError["failure"], why: string): PlatformError =>
    new PlatformError({ platform, failure, message: `Cannot find the homeserver of ${homeserver}: ${why}`, maybeDone: false });
  const found = await lookUp(`${origin}/.well-known/matrix/client`, signal).catch(() => {
    if (signal.aborted) throw fail({ kind: "aborted" }, "stopped by the caller");
    throw fail({ kind: "unavailable" }, "its /.well-known/matrix/client cannot be read; set `homeserver` to the address itself");
  });
  // "If the returned status code is 404, then IGNORE": the server itself is the homeserver then.
  if (found === undefined) return origin;
  const { "m.homeserver": entry } = (found ?? {}) as { readonly "m.homeserver"?: { readonly base_url?: unknown } };
  const url = typeof entry?.base_url === "string" ? URL.parse(entry.base_url) : null;
  if (url === null || (url.protocol !== "https:" && url.protocol !== new URL(origin).protocol)) {
    throw fail({ kind: "invalid" }, "its /.well-known/matrix/client names none; set `homeserver` to the address itself");
  }
  return url.href.replace(/\/+$/u, "");
}

/** undefined: there is no such file. */
async function lookUp(address: string, signal: AbortSignal): Promise<unknown> {
  // Its connection is not kept: this is asked once.
  const headers = { connection: "close" };
  const response = await fetch(address, { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]), headers });
  const parts: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of response.body ?? []) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBytes) throw new Error("The file is too large");
    parts.push(chunk);
  }
  if (response.status === 404) return undefined;
  if (!response.ok) throw new Error(`The server answers ${response.status}`);
  return JSON.parse(Buffer.concat(parts).toString("utf8")) as unknown;
}
