import type { IncomingMessage } from "node:http";
import type { Reply } from "./reply.ts";
import { refusal } from "./reply.ts";

/** One request, read whole. */
export interface ServerCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  /** What stood for the `:names` in the route's path. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Aborted when the caller goes away. */
  readonly signal: AbortSignal;
  text(): string;
  /** Answers 400 for anything but JSON. */
  json(): unknown;
  /** A urlencoded or multipart form. Answers 400 for anything else. */
  form(): Promise<FormData>;
}

/** What a handler throws to answer at once. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly reply: Reply;

  constructor(reply: Reply) {
    super(`Refused with ${reply.status ?? 200}`);
    this.reply = reply;
  }
}

/** Answers with `status` and stops handling: `throw refuse(404, { error: "no such chat" })`. */
export function refuse(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): Refused {
  return new Refused(refusal(status, body, headers));
}

/** The request with its body. Throws `Refused` with 413 for one above `maxBodyBytes`, of which no more is read. */
export async function readCall(
  request: IncomingMessage,
  url: URL,
  limits: { readonly maxBodyBytes: number; readonly signal: AbortSignal },
): Promise<Omit<ServerCall, "parameters">> {
  const headers = headersOf(request);
  const bytes = await readBody(request, limits.maxBodyBytes);
  const text = (): string => new TextDecoder().decode(bytes);
  return {
    method: request.method ?? "GET",
    url,
    headers,
    bytes,
    signal: limits.signal,
    text,
    json() {
      try {
        return JSON.parse(text()) as unknown;
      } catch {
        throw refuse(400, { error: "the body is not JSON" });
      }
    },
    async form() {
      const contentType = headers.get("content-type") ?? "";
      try {
        return await new Response(bytes, { headers: { "content-type": contentType } }).formData();
      } catch {
        throw refuse(400, { error: `the body is not a form: ${contentType.split(";")[0]}` });
      }
    },
  };
}

function headersOf(request: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const one of Array.isArray(value) ? value : [value]) if (one !== undefined) headers.append(name, one);
  }
  return headers;
}

async function readBody(request: IncomingMessage, maxBodyBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = (): Refused => refuse(413, { error: `the body is larger than ${maxBodyBytes} bytes` });
  if (Number(request.headers["content-length"]) > maxBodyBytes) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for await (const chunk of request as AsyncIterable<Uint8Array>) {
    sizeBytes += chunk.byteLength;
    if (sizeBytes > maxBodyBytes) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(sizeBytes);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
