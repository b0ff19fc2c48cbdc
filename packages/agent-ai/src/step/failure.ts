/** Why a call of a model came to nothing. */
export type CallFailure =
  | { readonly kind: "unauthorized"; readonly status: number }
  | { readonly kind: "rate-limited"; readonly retryAfterMs?: number }
  /** The network, the server, or silence: another time it may go well. */
  | { readonly kind: "unavailable"; readonly detail: string; readonly retryAfterMs?: number }
  | { readonly kind: "context-length" }
  /** The configuration lacks something; `detail` is a sentence that says what. */
  | { readonly kind: "unconfigured"; readonly detail: string }
  | { readonly kind: "invalid"; readonly detail: string };

/** What a stream is ended with when nothing came for too long. */
export class ModelSilent extends Error {
  override readonly name = "ModelSilent";
}

const maxDetailLength = 300;
const contextLength =
  /context_length_exceeded|context length|context window|maximum context|prompt is too long|input token count|too many tokens|exceeds? the (?:available )?context/iu;
const overloaded = /overloaded/iu;

/**
 * What a failure means, whatever form it comes in: an error of a provider's package, an error inside a stream, one of the network. Providers
 * differ in everything but their status codes; what they say is looked at only for the one case that has no code of its own.
 */
export function readFailure(error: unknown): CallFailure {
  if (error instanceof ModelSilent) return { kind: "unavailable", detail: error.message };
  const { statusCode, message, body, headers } = factsOf(error);
  const said = `${message} ${body}`;
  const detail = shortened(message);
  const network = codeOf(error) ?? "the connection broke";
  if (statusCode === 401 || statusCode === 403) return { kind: "unauthorized", status: statusCode };
  const retryAfterMs = retryAfterOf(headers);
  const after = retryAfterMs === undefined ? {} : { retryAfterMs };
  if (statusCode === 429 || (statusCode === undefined && /rate.?limit/iu.test(said))) return { kind: "rate-limited", ...after };
  if (statusCode === undefined || statusCode === 400 || statusCode === 413 || statusCode === 422) {
    if (contextLength.test(said)) return { kind: "context-length" };
  }
  if (statusCode !== undefined && (statusCode === 408 || statusCode === 409 || statusCode >= 500)) {
    return { kind: "unavailable", detail: `status ${statusCode}`, ...after };
  }
  // An answer of 200 that cannot be read is a stream that was cut, or a proxy's page.
  if (statusCode === 200) return { kind: "unavailable", detail: "an answer that cannot be read" };
  if (statusCode !== undefined) return { kind: "invalid", detail: `status ${statusCode}: ${detail}` };
  return { kind: "unavailable", detail: overloaded.test(said) ? "it is overloaded" : network };
}

interface Facts {
  readonly statusCode: number | undefined;
  readonly message: string;
  readonly body: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

function factsOf(error: unknown): Facts {
  const tree = isTree(error) ? error : {};
  const { statusCode, message, responseBody, responseHeaders, code, type, error: inner } = tree;
  const innerText = isTree(inner) ? `${textOf(inner["message"])} ${textOf(inner["code"])} ${textOf(inner["type"])}` : "";
  return {
    statusCode: typeof statusCode === "number" ? statusCode : undefined,
    message: textOf(message) || (typeof error === "string" ? error : innerText.trim()),
    body: `${textOf(responseBody)} ${textOf(code)} ${textOf(type)} ${innerText}`,
    headers: isTree(responseHeaders) ? responseHeaders : {},
  };
}

function retryAfterOf(headers: Readonly<Record<string, unknown>>): number | undefined {
  const inMs = Number(headers["retry-after-ms"]);
  if (Number.isFinite(inMs) && inMs > 0) return inMs;
  const seconds = Number(headers["retry-after"]);
  return Number.isFinite(seconds) && seconds > 0 ? seconds * 1000 : undefined;
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The network's own word for what failed (`ECONNREFUSED`): its sentence would tell people addresses of inner networks. */
function codeOf(error: unknown): string | undefined {
  for (let [cause, depth] = [error, 0]; isTree(cause) && depth < 5; [cause, depth] = [cause["cause"], depth + 1]) {
    const code = textOf(cause["code"]);
    if (/^[A-Z][A-Z0-9_]{2,40}$/u.test(code)) return code;
  }
  return undefined;
}

/** Of what a provider says only the beginning is told, on one line, without what could be a key. */
function shortened(text: string): string {
  const line = text
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/[\w-]{24,}/gu, "…")
    .trim();
  return line.length > maxDetailLength ? `${line.slice(0, maxDetailLength)}…` : line;
}
