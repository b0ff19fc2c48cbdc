import type { EventNotification, ProtocolEvent, RequestId, RpcError, RpcFailure } from "@hermes/protocol";

/** An event as whoever tells it knows it: its conversation and its number are added. */
export type EventBody = WithoutPlace<ProtocolEvent>;
type WithoutPlace<Event> = Event extends ProtocolEvent ? Omit<Event, "seq" | "session_key"> : never;

/** Something on its way to a socket: written once, however many hear it. */
export interface Frame {
  readonly text: string;
  readonly bytes: number;
}

/** A text as it goes out. */
export function toFrame(text: string): Frame {
  return { text, bytes: Buffer.byteLength(text) };
}

/** An event as it goes out. */
export function encodeEvent(event: EventBody, sessionKey: string, seq: number): Frame {
  // The compiler does not see through the union: each of its members gets back what was left out of it.
  const params = { ...event, session_key: sessionKey, seq } as ProtocolEvent;
  return toFrame(JSON.stringify({ jsonrpc: "2.0", method: "event", params } satisfies EventNotification));
}

/** The answer to a request, or to each of a batch, that is refused unread; undefined where none is expected. */
export function encodeRefusal(request: unknown, error: RpcError): string | undefined {
  const requests: readonly unknown[] = Array.isArray(request) ? request : [request];
  const answers = requests.flatMap((one) => {
    const id = idOf(one);
    return id === undefined ? [] : [failure(id, error)];
  });
  if (answers.length === 0) return undefined;
  return JSON.stringify(Array.isArray(request) ? answers : answers[0]);
}

const maxIdLength = 256;

/** undefined: a notification, which nobody answers. */
function idOf(request: unknown): RequestId | undefined {
  if (typeof request !== "object" || request === null) return null;
  if (!Object.hasOwn(request, "id")) return undefined;
  const { id } = request as { readonly id?: unknown };
  const isUsable = typeof id === "number" || (typeof id === "string" && id.length <= maxIdLength);
  return isUsable ? id : null;
}

function failure(id: RequestId, { code, kind, message, retryAfterMs }: RpcError): RpcFailure {
  return {
    jsonrpc: "2.0",
    id,
    error: { code, message, data: { kind, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) } },
  };
}

/** Characters: nothing is rendered here. */
export function measure(markdown: string): number {
  return markdown.length;
}

/**
 * Half-written Markdown without what may only close it for now: what is open is closed anew with each update, and would have to be
 * taken back each time. What really stands there comes with the next update, or with the end.
 */
export function withoutClosers(markdown: string): string {
  let end = markdown.length;
  while (end > 0 && closers.has(markdown.charAt(end - 1))) end -= 1;
  return end === markdown.length ? markdown : markdown.slice(0, end);
}

const closers: ReadonlySet<string> = new Set("*_~`| \t\r\n");

/** At most `maxLength` characters, never half of one. */
export function shorten(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const cut = text.slice(0, maxLength - 1);
  const isHalf = /[\uD800-\uDBFF]$/u.test(cut);
  return `${isHalf ? cut.slice(0, -1) : cut}…`;
}
