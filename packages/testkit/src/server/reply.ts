import type { ServerResponse } from "node:http";

/** What a handler answers with. */
export interface Reply {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /**
   * A string or bytes go out as they are, an async iterable piece by piece as it comes, everything else as JSON; absent: no body. The
   * connection breaks where the iterable throws.
   */
  readonly body?: unknown;
}

/** An answer that is no 200. */
export function refusal(status: number, body?: unknown, headers?: Readonly<Record<string, string>>): Reply {
  return { status, ...(body === undefined ? {} : { body }), ...(headers === undefined ? {} : { headers }) };
}

/** Writes the answer; with `cutAfterBytes` only so much of its body, and then the connection breaks. */
export function writeReply(response: ServerResponse, reply: Reply, cutAfterBytes?: number): void {
  if (response.destroyed) return;
  const { status = 200, headers = {}, body } = reply;
  if (isStream(body)) {
    response.writeHead(status, headers);
    response.flushHeaders();
    void writePieces(response, body);
    return;
  }
  const bytes = bytesOf(body);
  response.writeHead(status, {
    ...(typeof body === "string" || body instanceof Uint8Array || body === undefined
      ? {}
      : { "content-type": "application/json" }),
    "content-length": bytes.byteLength,
    ...headers,
  });
  if (cutAfterBytes === undefined) response.end(bytes);
  else response.write(bytes.subarray(0, cutAfterBytes), () => response.destroy());
}

function bytesOf(body: unknown): Uint8Array {
  if (body === undefined) return new Uint8Array();
  if (body instanceof Uint8Array) return body;
  return new TextEncoder().encode(typeof body === "string" ? body : JSON.stringify(body));
}

function isStream(body: unknown): body is AsyncIterable<string | Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

async function writePieces(response: ServerResponse, body: AsyncIterable<string | Uint8Array>): Promise<void> {
  try {
    for await (const piece of body) {
      if (response.destroyed) return;
      if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve).once("close", resolve));
    }
    response.end();
  } catch {
    // The body ends in the middle: that is what throwing there means.
    response.destroy();
  }
}
