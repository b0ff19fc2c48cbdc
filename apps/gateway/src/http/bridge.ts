import type { IncomingMessage, ServerResponse } from "node:http";

/** What one request's body may hold at most, whatever a platform does with it. */
const maxBodyBytes = 32 * 1024 * 1024;
const maxThrownAwayBytes = 64 * 1024;

/**
 * A request of Node's server as the web's `Request`. Its body is read from the socket only as it is asked for.
 *
 * `url` is the full address, checked by the caller: nothing of it is taken from the request here. `signal` is aborted when the caller
 * hangs up before it is answered.
 */
export function toRequest(incoming: IncomingMessage, url: string, signal?: AbortSignal): Request {
  const headers: [string, string][] = [];
  for (let index = 0; index + 1 < incoming.rawHeaders.length; index += 2) {
    headers.push([incoming.rawHeaders[index] ?? "", incoming.rawHeaders[index + 1] ?? ""]);
  }
  const method = incoming.method ?? "GET";
  const cancelled = signal === undefined ? {} : { signal };
  if (method === "GET" || method === "HEAD") return new Request(url, { method, headers, ...cancelled });
  return new Request(url, { method, headers, body: bodyOf(incoming), duplex: "half", ...cancelled });
}

function bodyOf(incoming: IncomingMessage): ReadableStream<Uint8Array<ArrayBuffer>> {
  let chunks: AsyncIterator<Buffer<ArrayBuffer>> | undefined;
  let length = 0;
  return new ReadableStream(
    {
      async pull(controller) {
        // A small body comes with its headers: it is handed over at once, without listening for more.
        if (chunks === undefined && isHere(incoming)) {
          controller.enqueue(incoming.read() as Buffer<ArrayBuffer>);
          controller.close();
          // Nothing is left but its end, which the server waits for.
          incoming.resume();
          return;
        }
        chunks ??= incoming[Symbol.asyncIterator]() as AsyncIterator<Buffer<ArrayBuffer>>;
        const { done, value } = await chunks.next();
        if (done === true) {
          controller.close();
          return;
        }
        length += value.length;
        if (length > maxBodyBytes) throw new Error(`The request's body is larger than ${maxBodyBytes} bytes`);
        controller.enqueue(value);
      },
      // Nothing on `cancel`: the socket stays paused and still carries the answer.
    },
    { highWaterMark: 0 },
  );
}

/** Whether all of an announced body waits to be read. */
function isHere({ headers, readableLength }: IncomingMessage): boolean {
  return readableLength > 0 && readableLength === Number(headers["content-length"]);
}

/** Writes a web `Response`. Resolves when it is written or the caller has gone; a body that fails ends the connection. */
export async function sendResponse(response: Response, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of response.headers) if (name !== "set-cookie") headers[name] = value;
  const cookies = response.headers.getSetCookie();
  if (cookies.length > 0) headers["set-cookie"] = cookies;
  // Node reads and throws away what nobody read, as long as the caller sends: only a little of that is worth a kept connection.
  if (!incoming.complete && !announcesLittle(incoming)) headers["connection"] = "close";
  outgoing.writeHead(response.status, headers);
  if (response.body === null || incoming.method === "HEAD") {
    await response.body?.cancel();
    outgoing.end();
    return;
  }
  await pipe(response.body, outgoing);
}

/** Whether a request announces a body. */
export function hasBody(incoming: IncomingMessage): boolean {
  return incoming.headers["transfer-encoding"] !== undefined || (incoming.headers["content-length"] ?? "0") !== "0";
}

function announcesLittle(incoming: IncomingMessage): boolean {
  const length = incoming.headers["content-length"];
  return length !== undefined && Number(length) <= maxThrownAwayBytes;
}

/** Whether a request announces a body that is too large to be looked at. */
export function announcesTooMuch(incoming: IncomingMessage): boolean {
  return Number(incoming.headers["content-length"] ?? 0) > maxBodyBytes;
}

async function pipe(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader();
  const gone = (): void => {
    // The stream's own failure on cancelling concerns nobody any more.
    void reader.cancel("The caller has gone").catch(() => undefined);
  };
  outgoing.once("close", gone);
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      if (outgoing.destroyed) return;
      if (!outgoing.write(next.value)) await drained(outgoing);
    }
    outgoing.off("close", gone);
    outgoing.end();
  } catch (error) {
    outgoing.off("close", gone);
    outgoing.destroy();
    throw error;
  }
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off("drain", done);
      outgoing.off("close", done);
      resolve();
    };
    outgoing.once("drain", done);
    outgoing.once("close", done);
  });
}
