import {
  Agent as HttpAgent,
  request as httpRequest,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { codeOf, HttpFailure } from "./http-failure.ts";

/** One request; the signal ends it at any time. */
export interface HttpCall {
  readonly method: "GET" | "POST";
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  readonly body?: string | AsyncIterable<Uint8Array> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How long an answer may stay away. */
  readonly silenceMs: number;
}

/** An answer, read whole. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** An answer whose body is still to be read. */
export interface HttpStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Throws an `HttpFailure`; whoever stops reading closes the connection. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  discard(): void;
}

/** Requests on kept-alive connections that can be closed; it is known whether a failed one was sent. No redirect is followed. */
export interface Http {
  /** Rejects with an `HttpFailure`, or with what the source of the body threw, and only once its connection is let go. */
  exchange(call: HttpCall): Promise<HttpAnswer>;
  open(call: HttpCall): Promise<HttpStream>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** An idle connection is closed before Slack does it, so that a message is not sent into a closing one. */
const idleMs = 20_000;
const maxAnswerBytes = 32 * 1024 * 1024;

/** Opens no connection yet. */
export function openHttp(): Http {
  const agents = {
    "http:": new HttpAgent({ keepAlive: true, timeout: idleMs }),
    "https:": new HttpsAgent({ keepAlive: true, timeout: idleMs }),
  };
  const underWay = new Set<ClientRequest>();
  let isClosed = false;
  const begin = ({ method, url, headers, silenceMs, signal }: HttpCall): ClientRequest => {
    if (isClosed) throw new HttpFailure("CLOSED", false);
    if (signal?.aborted === true) throw new HttpFailure("ABORTED", false);
    const isSecure = url.protocol === "https:";
    const open = isSecure ? httpsRequest : httpRequest;
    const request = open(url, { method, headers, timeout: silenceMs, agent: agents[isSecure ? "https:" : "http:"] });
    underWay.add(request);
    request.on("close", () => underWay.delete(request));
    return request;
  };
  return {
    async exchange(call) {
      return await exchange(begin(call), call);
    },
    async open(call) {
      return await openStream(begin(call), call);
    },
    close() {
      isClosed = true;
      for (const request of underWay) request.destroy(Object.assign(new Error("closed"), { code: "CLOSED" }));
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

function exchange(request: ClientRequest, { url, body, signal }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let failure: Error | undefined;
    let answer: HttpAnswer | undefined;
    const fail = (error: Error): void => {
      failure ??= error;
      request.destroy();
    };
    const abort = (): void => fail(new HttpFailure("ABORTED", sent));
    signal?.addEventListener("abort", abort);
    request.on("timeout", () => fail(new HttpFailure("ETIMEDOUT", sent)));
    request.on("error", (error) => (failure ??= new HttpFailure(codeOf(error), sent)));
    request.on("response", (response) =>
      readWhole(
        response,
        (code) => fail(new HttpFailure(code, true)),
        (text) => {
          answer = { status: response.statusCode ?? 0, headers: response.headers, text };
          resolve(answer);
          // Whoever answers before the end wants no more of it.
          if (!request.writableEnded) request.destroy();
        },
      ),
    );
    request.on("close", () => {
      signal?.removeEventListener("abort", abort);
      if (answer === undefined) reject(failure ?? new HttpFailure("ECONNRESET", sent));
    });
    const noteSent = (): void => void (sent = true);
    if (typeof body === "object") void pump(body, request, noteSent, fail);
    else {
      noteWhenConnected(request, url.protocol === "https:", noteSent);
      request.end(body);
    }
  });
}

/** Until there is a connection, nothing can have been received. */
function noteWhenConnected(request: ClientRequest, isSecure: boolean, noteSent: () => void): void {
  request.on("socket", (socket) => {
    if (socket.connecting) socket.once(isSecure ? "secureConnect" : "connect", noteSent);
    else noteSent();
  });
}

/** Writes the body as fast as it is taken. */
async function pump(
  body: AsyncIterable<Uint8Array>,
  request: ClientRequest,
  noteSent: () => void,
  fail: (error: Error) => void,
): Promise<void> {
  try {
    for await (const chunk of body) {
      if (request.destroyed) return;
      if (!request.write(chunk)) await drained(request);
    }
    noteSent();
    request.end();
  } catch (error) {
    fail(error instanceof Error ? error : new Error("The source threw what is no error", { cause: error }));
  }
}

function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off("drain", done).off("close", done);
      resolve();
    };
    request.on("drain", done).on("close", done);
  });
}

function readWhole(response: IncomingMessage, fail: (code: string) => void, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  response.on("data", (chunk: Buffer) => {
    sizeBytes += chunk.length;
    if (sizeBytes > maxAnswerBytes) fail("TOO_LARGE");
    else chunks.push(chunk);
  });
  response.on("error", (error) => fail(codeOf(error)));
  response.on("end", () => done(Buffer.concat(chunks).toString("utf8")));
}

function openStream(request: ClientRequest, { signal }: HttpCall): Promise<HttpStream> {
  return new Promise((resolve, reject) => {
    let code: string | undefined;
    const fail = (why: string): void => {
      code ??= why;
      request.destroy();
    };
    const abort = (): void => fail("ABORTED");
    signal?.addEventListener("abort", abort);
    request.on("timeout", () => fail("ETIMEDOUT"));
    request.on("error", (error) => (code ??= codeOf(error)));
    request.on("response", (response) => resolve(streamOf(response, (error) => code ?? codeOf(error))));
    request.on("close", () => {
      signal?.removeEventListener("abort", abort);
      reject(new HttpFailure(code ?? "ECONNRESET", false));
    });
    request.end();
  });
}

function streamOf(response: IncomingMessage, why: (error: Error) => string): HttpStream {
  // Until somebody reads, what goes wrong is kept for the first read.
  let broken: Error | undefined;
  response.on("error", (error) => (broken ??= error));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    async *chunks() {
      try {
        if (broken !== undefined) throw broken;
        for await (const chunk of response) yield chunk as Uint8Array;
      } catch (error) {
        throw new HttpFailure(why(error instanceof Error ? error : new Error(String(error))), false);
      } finally {
        response.destroy();
      }
    },
    discard: () => void response.destroy(),
  };
}
