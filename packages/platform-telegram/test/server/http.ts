import type { IncomingMessage, ServerResponse } from "node:http";
import { badRequest, type BotApiError } from "./bot-api-error.ts";
import type { Payload } from "./methods.ts";

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

/**
 * The parameters in the body: JSON or a urlencoded form.
 *
 * @throws BotApiError for anything else.
 */
export async function readParameters(request: IncomingMessage): Promise<Payload> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString("utf8");
  if (body === "") return {};
  const type = request.headers["content-type"]?.split(";")[0] ?? "";
  if (type === "application/x-www-form-urlencoded") return readForm(new URLSearchParams(body));
  if (type !== "application/json") throw badRequest(`the test server does not read ${type}`);
  try {
    return JSON.parse(body) as Payload;
  } catch {
    throw badRequest("can't parse request JSON object");
  }
}

/** In a form everything is text; what looks like JSON is JSON. */
function readForm(form: URLSearchParams): Payload {
  return Object.fromEntries(
    [...form].map(([name, value]) => [name, /^(?:[[{]|true$|false$|-?[0-9]+$)/u.test(value) ? JSON.parse(value) : value]),
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
