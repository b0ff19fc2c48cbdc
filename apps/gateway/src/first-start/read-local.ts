import { get, type IncomingMessage } from "node:http";
import type { Json } from "@hermes/core";

const limitMs = 1000;
const maxBytes = 262_144;

/** Where each name of this machine leads: a name is not asked of anybody, since others could answer. */
const addresses: ReadonlyMap<string, string> = new Map([
  ["127.0.0.1", "127.0.0.1"],
  ["localhost", "127.0.0.1"],
  ["[::1]", "::1"],
]);

/**
 * The JSON that a server on this machine answers to a GET within a second, up to 256 KB. Other machines are not asked, redirects not
 * followed; undefined for whatever is not such an answer.
 */
export async function readLocal(address: string): Promise<Json | undefined> {
  const url = URL.parse(address);
  const host = addresses.get(url?.hostname ?? "");
  if (url === null || host === undefined || url.protocol !== "http:" || url.username !== "" || url.password !== "")
    return undefined;
  const time = new AbortController();
  const timer = setTimeout(() => time.abort(), limitMs);
  try {
    return JSON.parse(await readText(url, host, time.signal)) as Json;
  } catch {
    // Nobody there, too slow, too long or no JSON: no server that is looked for.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

async function readText(url: URL, host: string, signal: AbortSignal): Promise<string> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const headers = { host: url.host, accept: "application/json" };
    const path = `${url.pathname}${url.search}`;
    get({ host, port: url.port === "" ? 80 : url.port, path, headers, agent: false, signal }, resolve).on("error", reject);
  });
  try {
    if (answer.statusCode !== 200) throw new Error(`Status ${answer.statusCode}`);
    const chunks: Buffer[] = [];
    let sizeBytes = 0;
    for await (const chunk of answer) {
      // Without an encoding a response gives bytes.
      const bytes = chunk as Buffer;
      sizeBytes += bytes.length;
      if (sizeBytes > maxBytes) throw new Error("Too long");
      chunks.push(bytes);
    }
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } finally {
    answer.destroy();
  }
}
