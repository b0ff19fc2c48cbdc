import type { IncomingMessage, ServerResponse } from "node:http";
import { badRequest, BotApiError } from "./bot-api-error.ts";
import type { UploadedFile } from "./file-store.ts";
import type { Payload } from "./methods/context.ts";

/** What was called, taken from the address. */
export interface Call {
  readonly token: string;
  readonly method: string;
  readonly query: Payload;
}

/** The call in `/bot<token>/<method>`, or undefined for any other address. */
export function readCall(address: string): Call | undefined {
  const url = new URL(address, "http://localhost");
  const match = /^\/bot([^/]+)\/(\w+)$/u.exec(url.pathname);
  if (match === null) return undefined;
  const [, token = "", method = ""] = match;
  return { token: decodeURIComponent(token), method, query: readForm(url.searchParams) };
}

/** The path in `/file/bot<token>/<path>`, or undefined for any other address. */
export function readFileAddress(address: string): { readonly token: string; readonly path: string } | undefined {
  const match = /^\/file\/bot([^/]+)\/(.+)$/u.exec(new URL(address, "http://localhost").pathname);
  if (match === null) return undefined;
  const [, token = "", path = ""] = match;
  return { token: decodeURIComponent(token), path: decodeURIComponent(path) };
}

/** What a call says, and the files that come with it. */
export interface CallBody {
  readonly payload: Payload;
  readonly uploads: ReadonlyMap<string, UploadedFile>;
}

/**
 * The parameters in the body: JSON, a urlencoded form, or a multipart form with files.
 *
 * @throws BotApiError for anything else, and for more than `maxBytes` beside half a megabyte of words.
 */
export async function readBody(request: IncomingMessage, maxBytes: number): Promise<CallBody> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of request) {
    sizeBytes += (chunk as Buffer).length;
    if (sizeBytes > maxBytes + 512 * 1024) throw new BotApiError(413, "Request Entity Too Large");
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks);
  const header = request.headers["content-type"] ?? "";
  if (header.split(";")[0] === "multipart/form-data") return readMultipart(body, header, maxBytes);
  return { payload: readText(body.toString("utf8"), header.split(";")[0] ?? ""), uploads: new Map() };
}

function readText(body: string, type: string): Payload {
  if (body === "") return {};
  if (type === "application/x-www-form-urlencoded") return readForm(new URLSearchParams(body));
  if (type !== "application/json") throw badRequest(`the test server does not read ${type}`);
  try {
    return JSON.parse(body) as Payload;
  } catch {
    throw badRequest("can't parse request JSON object");
  }
}

async function readMultipart(body: Buffer, type: string, maxBytes: number): Promise<CallBody> {
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData().catch(() => {
    throw badRequest("can't parse multipart form data");
  });
  const words: [string, string][] = [];
  const uploads = new Map<string, UploadedFile>();
  for (const [name, value] of form) {
    if (typeof value === "string") {
      words.push([name, value]);
      continue;
    }
    if (value.size > maxBytes) throw new BotApiError(413, "Request Entity Too Large");
    uploads.set(name, { name: value.name, mimeType: value.type, bytes: new Uint8Array(await value.arrayBuffer()) });
  }
  // A file under a parameter's own name is that parameter.
  const direct = [...uploads.keys()].map((name) => [name, `attach://${name}`] as const);
  const mentioned = words.map(([, value]) => value).join("\n");
  return {
    payload: { ...Object.fromEntries(direct.filter(([, value]) => !mentioned.includes(value))), ...readForm(words) },
    uploads,
  };
}

/** Fields that are text whatever they look like. */
const texts: ReadonlySet<string> = new Set(["text", "caption", "name", "url", "secret_token", "callback_query_id", "file_id"]);

/** In a form everything is text; what looks like JSON is JSON. */
function readForm(form: Iterable<readonly [string, string]>): Payload {
  return Object.fromEntries(
    [...form].map(([name, value]) => [
      name,
      !texts.has(name) && /^(?:[[{]|true$|false$|-?[0-9]+$)/u.test(value) ? JSON.parse(value) : value,
    ]),
  );
}

/** Answers with a result, as Telegram words it. */
export function answer(response: ServerResponse, result: unknown): void {
  write(response, 200, { ok: true, result });
}

/** Answers with a refusal, as Telegram words it. */
export function refuse(response: ServerResponse, error: BotApiError): void {
  const parameters = error.parameters === undefined ? {} : { parameters: error.parameters };
  const retryAfter = error.parameters?.["retry_after"];
  if (retryAfter !== undefined) response.setHeader("retry-after", retryAfter);
  write(response, error.code, { ok: false, error_code: error.code, description: error.message, ...parameters });
}

function write(response: ServerResponse, status: number, body: unknown): void {
  if (response.destroyed) return;
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, { "content-type": "application/json", "content-length": bytes.length });
  response.end(bytes);
}
