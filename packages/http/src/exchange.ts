import type { ClientRequest, IncomingMessage } from "node:http";
import type { HttpCall } from "./call.ts";
import { codeOf, HttpFailure } from "./http-failure.ts";
import { pump } from "./pump.ts";

/** The head of an answer, and what its body may still end with. */
export interface Head {
  readonly request: ClientRequest;
  readonly response: IncomingMessage;
  /** Why we ended it ourselves, if we did. */
  readonly why: () => Error | undefined;
}

/** Writes a call and waits for the head of its answer. */
export function exchange(request: ClientRequest, { url, body, signal }: HttpCall): Promise<Head> {
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
    request.on("response", (response) => resolve({ request, response, why: () => failure }));
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
