import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";
import { startDownload, type Download } from "./download.ts";
import { codeOf, HttpFailure, type HttpSignal } from "./http-failure.ts";
import type { UploadBody } from "./multipart.ts";

export interface Http {
  /**
   * Posts JSON to `path` behind the root and resolves to the answer's JSON, an object with `ok`. Rejects with an `HttpFailure`, and only
   * once the connection of the call is closed.
   */
  post(path: string, body: string, signal?: HttpSignal): Promise<Answer>;
  /** The same with a body that is read while it is sent; rejects with what its source threw, too. */
  upload(path: string, body: UploadBody, signal?: HttpSignal): Promise<Answer>;
  /** Fetches what lies at `path`; follows no redirect. The signal ends the body as well. */
  download(path: string, signal: HttpSignal): Promise<Download>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** What was answered, as far as it is known to be an answer. */
export interface Answer {
  readonly ok: unknown;
}

export interface HttpOptions {
  /** An http or https address without a slash at its end. */
  readonly root: string;
  /** An http or https proxy to go through. */
  readonly proxy?: string | undefined;
  /** How long an answer may stay away. */
  readonly silenceMs: number;
}

/** An idle connection is closed before Telegram does it, so that a message is not sent into a closing one. */
const idleMs = 20_000;
const maxAnswerBytes = 32 * 1024 * 1024;

/**
 * Calls on kept-alive connections that can be closed: half the processor time of node-fetch, a third of the built-in one, and it is
 * known whether a failed call was sent.
 */
export function openHttp({ root, proxy, silenceMs }: HttpOptions): Http {
  const { protocol, hostname, port, auth } = urlToHttpOptions(new URL(root));
  const prefix = new URL(root).pathname.replace(/\/$/u, "");
  const isSecure = protocol === "https:";
  const agentOptions = { keepAlive: true, timeout: idleMs, ...(proxy === undefined ? {} : { proxyEnv: throughProxy(proxy) }) };
  const agent = isSecure ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const open = isSecure ? httpsRequest : httpRequest;
  // No more than a call needs: Node copies these several times for each.
  const common = { protocol, hostname, port, ...(auth === undefined ? {} : { auth }), agent };
  let closed = false;
  const begin = (
    method: string,
    path: string,
    headers: OutgoingHttpHeaders,
    timeout: number,
    signal?: HttpSignal,
  ): ClientRequest => {
    if (closed) throw new HttpFailure("CLOSED", false);
    if (signal?.aborted === true) throw new HttpFailure("ABORTED", false);
    return open({ ...common, method, path: `${prefix}${path}`, headers, timeout });
  };
  return {
    async post(path, body, signal) {
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const request = begin("POST", path, headers, silenceMs, signal);
      return exchange(request, signal, ({ noteSent }) => {
        noteWhenConnected(request, isSecure, noteSent);
        request.end(body);
      });
    },
    async upload(path, body, signal) {
      const headers = { "content-type": body.contentType, "content-length": body.sizeBytes };
      const request = begin("POST", path, headers, silenceMs * uploadPatience, signal);
      return exchange(request, signal, (call) => void pump(body, request, call));
    },
    async download(path, signal) {
      return startDownload(begin("GET", path, {}, silenceMs, signal), signal);
    },
    close() {
      closed = true;
      agent.destroy();
    },
  };
}

/** Telegram looks at a large file before it answers. */
const uploadPatience = 5;

/** Node's agents take a proxy as the environment variables that name it. */
function throughProxy(proxy: string): Readonly<Record<"HTTP_PROXY" | "HTTPS_PROXY", string>> {
  return { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
}

/** How whoever writes a request tells of it. */
interface Call {
  /** From here on Telegram may have received all of it. */
  readonly noteSent: () => void;
  readonly fail: (error: Error) => void;
}

function noteWhenConnected(request: ClientRequest, secure: boolean, noteSent: () => void): void {
  request.on("socket", (socket) => {
    if (socket.connecting) socket.once(secure ? "secureConnect" : "connect", noteSent);
    else noteSent();
  });
}

/** Writes the body as fast as it is taken. The last piece completes it: until that is written, nothing can have been done. */
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

function exchange(request: ClientRequest, signal: HttpSignal | undefined, write: (call: Call) => void): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let failure: Error | undefined;
    let isAnswered = false;
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
      readAnswer(response, failWith, (text, status) => {
        isAnswered = true;
        try {
          resolve(parseAnswer(text, status));
        } catch (error) {
          reject(error);
        }
        // Whoever answers before the end wants no more of it.
        if (!request.writableEnded) request.destroy();
      });
    });
    request.on("close", () => {
      signal?.removeEventListener("abort", abort);
      if (!isAnswered) reject(failure ?? new HttpFailure("ECONNRESET", sent));
    });
    write({ noteSent: () => (sent = true), fail });
  });
}

function readAnswer(response: IncomingMessage, fail: (code: string) => void, done: (text: string, status: number) => void): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  response.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maxAnswerBytes) fail("TOO_LARGE");
    else chunks.push(chunk);
  });
  response.on("error", (error) => fail(codeOf(error)));
  response.on("end", () => done(Buffer.concat(chunks).toString("utf8"), response.statusCode ?? 0));
}

/** A gateway in between answers with a page of its own: what is in it stays out of the error. */
function parseAnswer(body: string, status: number): Answer {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "ok" in parsed) return parsed;
  } catch {
    throw new HttpFailure(`HTTP_${status}_WITHOUT_JSON`, true);
  }
  throw new HttpFailure(`HTTP_${status}_OF_ANOTHER_KIND`, true);
}
