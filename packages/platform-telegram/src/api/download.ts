import type { ClientRequest, IncomingMessage } from "node:http";
import { codeOf, HttpFailure, type HttpSignal } from "./http-failure.ts";

/** The answer to a GET: its head is read, its body is not yet. */
export interface Download {
  readonly status: number;
  readonly sizeBytes: number | undefined;
  /** Ends by itself or throws an `HttpFailure`; whoever stops reading closes the connection. */
  chunks(): AsyncGenerator<Uint8Array, void, undefined>;
  /** Closes the connection without reading. */
  discard(): void;
}

/** Sends a request without a body and waits for the head of its answer. Rejects with an `HttpFailure`. */
export function startDownload(request: ClientRequest, signal: HttpSignal): Promise<Download> {
  return new Promise((resolve, reject) => {
    let failure: string | undefined;
    const fail = (code: string): void => {
      failure ??= code;
      request.destroy();
    };
    const abort = (): void => fail("ABORTED");
    signal.addEventListener("abort", abort);
    request.on("timeout", () => fail("ETIMEDOUT"));
    request.on("error", (error) => (failure ??= codeOf(error)));
    request.on("response", (response) => resolve(asDownload(response, (error) => failure ?? codeOf(error))));
    request.on("close", () => {
      signal.removeEventListener("abort", abort);
      reject(new HttpFailure(failure ?? "ECONNRESET", false));
    });
    request.end();
  });
}

function asDownload(response: IncomingMessage, why: (error: Error) => string): Download {
  const announced = Number(response.headers["content-length"]);
  // Until somebody reads, what goes wrong is kept for the first read.
  let broken: Error | undefined;
  response.on("error", (error) => (broken ??= error));
  return {
    status: response.statusCode ?? 0,
    sizeBytes: Number.isSafeInteger(announced) ? announced : undefined,
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
