import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { codeOf, HttpFailure } from "./http-failure.ts";
import { isUpload, type UploadBody } from "./multipart.ts";

/** What is asked; a body is text or an upload that is read while it is sent. */
export interface HttpCall {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** Calls on kept-alive connections that can be closed, of which it is known whether a failed one was sent. */
export interface Http {
  /** The whole answer. Rejects with an `HttpFailure`, or with what the source of an upload threw. */
  call(url: string, call: HttpCall): Promise<Response>;
  /** The head of an answer whose body is not read yet; follows no redirect. */
  open(url: string, signal: AbortSignal): Promise<IncomingMessage>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** An idle connection is closed before the other side does it, so that nothing is sent into a closing one. */
const idleMs = 20_000;
const maxAnswerBytes = 32 * 1024 * 1024;
/** Discord looks at a large file before it answers. */
const uploadPatience = 5;

/** `silenceMs`: how long an answer may stay away. */
export function openHttp(silenceMs: number): Http {
  const agents = {
    "http:": new HttpAgent({ keepAlive: true, timeout: idleMs }),
    "https:": new HttpsAgent({ keepAlive: true, timeout: idleMs }),
  };
  let isClosed = false;
  const begin = (address: string, method: string, headers: Record<string, string | number>, timeout: number): ClientRequest => {
    if (isClosed) throw new HttpFailure("CLOSED", false);
    const url = new URL(address);
    const isSecure = url.protocol === "https:";
    const options = { method, headers, timeout, agent: isSecure ? agents["https:"] : agents["http:"] };
    return isSecure ? httpsRequest(url, options) : httpRequest(url, options);
  };
  return {
    async call(url, { method, headers, body, signal }) {
      if (signal?.aborted === true) throw new HttpFailure("ABORTED", false);
      if (isUpload(body)) {
        const sizes = { "content-type": body.contentType, "content-length": body.sizeBytes };
        const request = begin(url, method, { ...headers, ...sizes }, silenceMs * uploadPatience);
        return exchange(request, signal, (call) => void pump(body, request, call));
      }
      const text = typeof body === "string" ? body : "";
      const request = begin(url, method, { ...headers, "content-length": Buffer.byteLength(text) }, silenceMs);
      return exchange(request, signal, ({ noteSent }) => {
        whenConnected(request, noteSent);
        request.end(text);
      });
    },
    async open(url, signal) {
      if (signal.aborted) throw new HttpFailure("ABORTED", false);
      return openAnswer(begin(url, "GET", {}, silenceMs), signal);
    },
    close() {
      isClosed = true;
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

/** How whoever writes a request tells of it. */
interface Call {
  /** From here on Discord may have received all of it. */
  readonly noteSent: () => void;
  readonly fail: (error: Error) => void;
}

function whenConnected(request: ClientRequest, noteSent: () => void): void {
  request.on("socket", (socket) => {
    if (!socket.connecting) return noteSent();
    socket.once("encrypted" in socket ? "secureConnect" : "connect", noteSent);
  });
}

/** Writes the body as fast as it is taken. Its last piece completes it: until that is written, nothing can have been done. */
async function pump(body: UploadBody, request: ClientRequest, { noteSent, fail }: Call): Promise<void> {
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

function exchange(request: ClientRequest, signal: AbortSignal | undefined, write: (call: Call) => void): Promise<Response> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let failure: Error | undefined;
    let answer: Response | undefined;
    const fail = (error: Error): void => {
      failure ??= error;
      request.destroy();
    };
    const failWith = (code: string): void => fail(new HttpFailure(code, sent));
    const abort = (): void => failWith("ABORTED");
    signal?.addEventListener("abort", abort);
    request.on("timeout", () => failWith("ETIMEDOUT"));
    request.on("error", (error) => (failure ??= new HttpFailure(codeOf(error), sent)));
    request.on("response", (response) => {
      readAnswer(response, failWith, (bytes) => {
        answer = responseOf(response, bytes);
        resolve(answer);
        // Whoever answers before the end wants no more of it.
        if (!request.writableEnded) request.destroy();
      });
    });
    request.on("close", () => {
      signal?.removeEventListener("abort", abort);
      if (answer === undefined) reject(failure ?? new HttpFailure("ECONNRESET", sent));
    });
    write({ noteSent: () => (sent = true), fail });
  });
}

function readAnswer(response: IncomingMessage, fail: (code: string) => void, done: (bytes: Buffer) => void): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  response.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maxAnswerBytes) fail("TOO_LARGE");
    else chunks.push(chunk);
  });
  response.on("error", (error) => fail(codeOf(error)));
  response.on("end", () => done(Buffer.concat(chunks)));
}

function responseOf(response: IncomingMessage, bytes: Buffer): Response {
  const status = response.statusCode ?? 0;
  const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
  // A `Response` of these may have no body, and one below 200 does not exist.
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (status < 200 || status > 599) throw new HttpFailure(`HTTP_${status}`, true);
  return new Response(isEmpty ? null : new Uint8Array(bytes), { status, statusText: `HTTP ${status}`, headers });
}

function openAnswer(request: ClientRequest, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    let code: string | undefined;
    const fail = (why: string): void => {
      code ??= why;
      request.destroy();
    };
    const abort = (): void => fail("ABORTED");
    signal.addEventListener("abort", abort);
    request.on("timeout", () => fail("ETIMEDOUT"));
    request.on("error", (error) => (code ??= codeOf(error)));
    request.on("response", resolve);
    request.on("close", () => {
      signal.removeEventListener("abort", abort);
      reject(new HttpFailure(code ?? "ECONNRESET", false));
    });
    request.end();
  });
}
