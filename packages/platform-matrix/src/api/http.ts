import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { codeOf, HttpFailure } from "./http-failure.ts";
import type { UploadBody } from "./upload-body.ts";

/** One request. */
export interface HttpRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | UploadBody | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long nothing may come, in milliseconds. */
  readonly silenceMs: number;
}

/** An answer whose body is not read yet. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** As it comes; ends by itself or throws an `HttpFailure`. Whoever stops reading closes the connection. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** All of it as text. Rejects with an `HttpFailure`, `TOO_LARGE` above `maxBytes`. */
  text(maxBytes: number): Promise<string>;
  /** Closes the connection without reading. */
  discard(): void;
}

export interface Http {
  /** Sends a request and waits for the head of its answer; follows no redirect. Rejects with an `HttpFailure`, or what its body threw. */
  call(request: HttpRequest): Promise<HttpAnswer>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** An idle connection is closed before a proxy in front of the homeserver does it, so that nothing is sent into a closing one. */
const idleMs = 20_000;

/** Calls on kept-alive connections that can be closed, and of which it is known whether a failed one was sent. */
export function openHttp(): Http {
  const agents = {
    "http:": new HttpAgent({ keepAlive: true, timeout: idleMs }),
    "https:": new HttpsAgent({ keepAlive: true, timeout: idleMs }),
  };
  let closed = false;
  return {
    async call({ method, url, headers, body, signal, silenceMs }) {
      if (closed) throw new HttpFailure("CLOSED", false);
      if (signal?.aborted === true) throw new HttpFailure("ABORTED", false);
      const isSecure = url.protocol === "https:";
      const open = isSecure ? httpsRequest : httpRequest;
      const length = typeof body === "string" ? Buffer.byteLength(body) : body?.sizeBytes;
      const sized = length === undefined ? headers : { ...headers, "content-length": String(length) };
      const agent = isSecure ? agents["https:"] : agents["http:"];
      const request = open(url, { method, headers: sized, agent, timeout: silenceMs });
      return exchange(request, body, isSecure, signal);
    },
    close() {
      closed = true;
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function exchange(
  request: ClientRequest,
  body: string | UploadBody | undefined,
  isSecure: boolean,
  signal: AbortSignal | undefined,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let failure: Error | undefined;
    const fail = (error: Error): void => {
      failure ??= error;
      request.destroy();
    };
    const failWith = (code: string): void => fail(new HttpFailure(code, sent));
    const abort = (): void => failWith("ABORTED");
    const noteSent = (): void => void (sent = true);
    signal?.addEventListener("abort", abort);
    request.on("timeout", () => failWith("ETIMEDOUT"));
    request.on("error", (error) => (failure ??= new HttpFailure(codeOf(error), sent)));
    request.on("response", (response) => resolve(answerOf(response, request, () => failure)));
    request.on("close", () => {
      signal?.removeEventListener("abort", abort);
      reject(failure ?? new HttpFailure("ECONNRESET", sent));
    });
    if (body !== undefined && typeof body !== "string") return void pump(body, request, noteSent, fail);
    noteWhenConnected(request, isSecure, noteSent);
    request.end(body);
  });
}

function answerOf(response: IncomingMessage, request: ClientRequest, why: () => Error | undefined): HttpAnswer {
  const headers = new Headers();
  for (const [name, value] of Object.entries(response.headers)) if (value !== undefined) headers.set(name, String(value));
  // Until somebody reads, what goes wrong is kept for the first read.
  let broken: Error | undefined;
  response.on("error", (error) => (broken ??= error));
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      if (broken !== undefined) throw broken;
      for await (const chunk of response) yield chunk as Uint8Array;
      // Whoever answers before the end of an upload wants no more of it.
      if (!request.writableEnded) request.destroy();
    } catch (error) {
      throw why() ?? new HttpFailure(codeOf(error instanceof Error ? error : new Error(String(error))), true);
    } finally {
      response.destroy();
    }
  }
  return {
    status: response.statusCode ?? 0,
    headers,
    chunks,
    async text(maxBytes) {
      const parts: Uint8Array[] = [];
      let sizeBytes = 0;
      for await (const chunk of chunks()) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > maxBytes) throw new HttpFailure("TOO_LARGE", true);
        parts.push(chunk);
      }
      return Buffer.concat(parts).toString("utf8");
    },
    discard: () => void response.destroy(),
  };
}

function noteWhenConnected(request: ClientRequest, isSecure: boolean, noteSent: () => void): void {
  request.on("socket", (socket) => {
    if (socket.connecting) socket.once(isSecure ? "secureConnect" : "connect", noteSent);
    else noteSent();
  });
}

/** Writes the body as fast as it is taken. The last piece completes it: until that is written, nothing can have been done. */
async function pump(body: UploadBody, request: ClientRequest, noteSent: () => void, fail: (error: Error) => void): Promise<void> {
  const gone = new AbortController();
  request.on("close", () => gone.abort());
  try {
    let last: Uint8Array | undefined;
    for await (const chunk of body.chunks(gone.signal)) {
      if (last !== undefined && !(await wrote(request, last))) return;
      last = chunk;
    }
    noteSent();
    request.end(last);
  } catch (error) {
    fail(error instanceof Error ? error : new Error("The source threw what is no error", { cause: error }));
  }
}

/** Whether the connection still takes more. */
async function wrote(request: ClientRequest, chunk: Uint8Array): Promise<boolean> {
  if (request.destroyed) return false;
  if (!request.write(chunk)) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        request.off("drain", done).off("close", done);
        resolve();
      };
      request.on("drain", done).on("close", done);
    });
  }
  return !request.destroyed;
}
