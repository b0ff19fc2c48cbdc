import { Agent as HttpAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { urlToHttpOptions } from "node:url";

/** What ends a call early, as far as it is listened to: grammY knows only an older class of an `AbortSignal`. */
export interface HttpSignal {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A call without an answer. `sent` says whether Telegram may have received it. */
export class HttpFailure extends Error {
  override readonly name = "HttpFailure";
  readonly code: string;
  readonly sent: boolean;

  constructor(code: string, sent: boolean) {
    super(`No answer: ${code}`);
    this.code = code;
    this.sent = sent;
  }
}

export interface Http {
  /**
   * Posts JSON to `path` behind the root and resolves to the answer's JSON, an object with `ok`. Rejects with an `HttpFailure`, and only
   * once the connection of the call is closed.
   */
  post(path: string, body: string, signal?: HttpSignal): Promise<{ readonly ok: unknown }>;
  /** Closes every connection; calls under way fail. */
  close(): void;
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
  const common = { protocol, hostname, port, ...(auth === undefined ? {} : { auth }), agent, method: "POST" };
  let closed = false;
  return {
    async post(path, body, signal) {
      if (closed) throw new HttpFailure("CLOSED", false);
      if (signal?.aborted === true) throw new HttpFailure("ABORTED", false);
      const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
      const request = open({ ...common, path: `${prefix}${path}`, headers, timeout: silenceMs });
      return exchange(request, body, signal, isSecure);
    },
    close() {
      closed = true;
      agent.destroy();
    },
  };
}

/** Node's agents take a proxy as the environment variables that name it. */
function throughProxy(proxy: string): Readonly<Record<"HTTP_PROXY" | "HTTPS_PROXY", string>> {
  return { HTTP_PROXY: proxy, HTTPS_PROXY: proxy };
}

function exchange(
  request: ClientRequest,
  body: string,
  signal: HttpSignal | undefined,
  secure: boolean,
): Promise<{ readonly ok: unknown }> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let failure: string | undefined;
    let isAnswered = false;
    const fail = (code: string): void => {
      failure ??= code;
      request.destroy();
    };
    const abort = (): void => fail("ABORTED");
    signal?.addEventListener("abort", abort);
    request.on("socket", (socket) => {
      if (socket.connecting) socket.once(secure ? "secureConnect" : "connect", () => (sent = true));
      else sent = true;
    });
    request.on("timeout", () => fail("ETIMEDOUT"));
    request.on("error", (error) => (failure ??= codeOf(error)));
    request.on("response", (response) => {
      readAnswer(response, fail, (text, status) => {
        isAnswered = true;
        try {
          resolve(parseAnswer(text, status));
        } catch (error) {
          reject(error);
        }
      });
    });
    request.on("close", () => {
      signal?.removeEventListener("abort", abort);
      if (!isAnswered) reject(new HttpFailure(failure ?? "ECONNRESET", sent));
    });
    request.end(body);
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
function parseAnswer(body: string, status: number): { readonly ok: unknown } {
  try {
    const parsed: unknown = JSON.parse(body);
    if (typeof parsed === "object" && parsed !== null && "ok" in parsed) return parsed;
  } catch {
    throw new HttpFailure(`HTTP_${status}_WITHOUT_JSON`, true);
  }
  throw new HttpFailure(`HTTP_${status}_OF_ANOTHER_KIND`, true);
}

function codeOf(error: Error): string {
  const code: unknown = (error as NodeJS.ErrnoException).code;
  return typeof code === "string" ? code : error.name;
}
