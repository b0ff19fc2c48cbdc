import type { ClientRequest, IncomingMessage } from "node:http";
import type { HttpAnswer, HttpCall } from "./http.ts";
import { codeOf, HttpFailure } from "./http-failure.ts";
import { pump } from "./pump.ts";

/** Writes a call and waits for the head of its answer. */
export function exchange(request: ClientRequest, { url, body, signal }: HttpCall): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let sent = false;
    let failure: Error | undefined;
    const noteSent = (): void => void (sent = true);
    const fail = (error: Error): void => {
      failure ??= error;
      request.destroy();
    };
    const abort = (): void => fail(new HttpFailure("ABORTED", sent));
    signal?.addEventListener("abort", abort);
    request.on("timeout", () => fail(new HttpFailure("ETIMEDOUT", sent)));
    request.on("error", (error) => (failure ??= new HttpFailure(codeOf(error), sent)));
    // Whoever answers has received what it wanted to.
    request.on("response", (response) => resolve(answerOf(response, request, () => failure)));
    request.on("close", () => {
      signal?.removeEventListener("abort", abort);
      reject(failure ?? new HttpFailure("ECONNRESET", sent));
    });
    if (typeof body === "object") return void pump(body, request, noteSent, fail);
    noteWhenConnected(request, url.protocol === "https:", noteSent);
    request.end(body);
  });
}

/** Until there is a connection, nothing can have been received. */
function noteWhenConnected(request: ClientRequest, isSecure: boolean, noteSent: () => void): void {
  request.on("socket", (socket) => {
    if (socket.connecting) socket.once(isSecure ? "secureConnect" : "connect", noteSent);
    else noteSent();
  });
}

function answerOf(response: IncomingMessage, request: ClientRequest, why: () => Error | undefined): HttpAnswer {
  const announced = Number(response.headers["content-length"] ?? Number.NaN);
  // Until somebody reads, what goes wrong is kept for the first read.
  let broken: Error | undefined;
  response.on("error", (error) => (broken ??= error));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    sizeBytes: Number.isSafeInteger(announced) ? announced : undefined,
    async *chunks() {
      try {
        if (broken !== undefined) throw broken;
        for await (const chunk of response) yield chunk as Uint8Array;
      } catch (error) {
        const known = why();
        throw new HttpFailure(known instanceof HttpFailure ? known.code : codeOf(known ?? error), true);
      } finally {
        // Whoever answers before the end of an upload wants no more of it.
        if (!request.writableEnded) request.destroy();
        response.destroy();
      }
    },
    discard() {
      request.destroy();
      response.destroy();
    },
  };
}
