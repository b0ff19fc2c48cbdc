import type { IncomingMessage } from "node:http";
import type { Failure, PlatformError } from "@hermes/core";
import type { Calls } from "./calls.ts";
import { failureOf, toPlatformFailure } from "./failure.ts";
import { codeOf, HttpFailure } from "./http-failure.ts";

/** Fetching what people sent. */
export interface DownloadCalls {
  /**
   * Throws, and the stream errors, with a `PlatformError`: `too-long` above `maxBytes`, `not-found` for what is gone. The bot's token
   * goes along with none of it.
   */
  openFile(url: string, maxBytes: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const what = "fetch an attachment";

export function downloadCalls({ http, platform }: Calls, mediaHosts: readonly string[]): DownloadCalls {
  const fail = (failure: Failure, why: string): PlatformError => failureOf(failure, what, why, platform, false);
  const failed = (error: unknown): PlatformError => {
    const { failure, message } = toPlatformFailure(error, what, platform);
    return fail(failure, message.replace(`[${platform}] Cannot ${what}: `, ""));
  };
  const tooLong = (maxBytes: number): PlatformError => fail({ kind: "too-long" }, `it is larger than ${maxBytes} bytes`);
  return {
    async openFile(address, maxBytes, signal) {
      const url = URL.parse(address);
      const isLocal = url !== null && mediaHosts.includes(url.host) && url.protocol === "http:" && isLoopback(url.hostname);
      if (url === null || !mediaHosts.includes(url.host) || (url.protocol !== "https:" && !isLocal)) {
        throw fail({ kind: "invalid" }, "its address is none of Discord's");
      }
      const answer = await http.open(url.href, signal).catch((error: unknown) => {
        throw failed(error);
      });
      const { statusCode: status = 0 } = answer;
      const sizeBytes = Number(answer.headers["content-length"] ?? 0);
      if (status === 200 && !(sizeBytes > maxBytes)) return counted(answer, maxBytes, { tooLong, failed, signal });
      answer.destroy();
      if (status === 200) throw tooLong(maxBytes);
      const gone = status === 403 || status === 404 || status === 410;
      throw fail(gone ? { kind: "not-found", what: "message" } : { kind: "unavailable" }, `the server answers ${status}`);
    },
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]";
}

interface Counting {
  readonly tooLong: (maxBytes: number) => PlatformError;
  readonly failed: (error: unknown) => PlatformError;
  readonly signal: AbortSignal;
}

/** A stream that is closed at its source when nobody reads on, and ends at the limit whatever was announced. */
function counted(answer: IncomingMessage, maxBytes: number, { tooLong, failed, signal }: Counting): ReadableStream<Uint8Array> {
  const chunks = chunksOf(answer, signal);
  let sizeBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const next = await chunks.next();
        if (next.done === true) return controller.close();
        sizeBytes += next.value.byteLength;
        if (sizeBytes <= maxBytes) return controller.enqueue(next.value);
        await chunks.return();
        controller.error(tooLong(maxBytes));
      } catch (error) {
        controller.error(failed(error));
      }
    },
    cancel: async () => void (await chunks.return()),
  });
}

async function* chunksOf(answer: IncomingMessage, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const abort = (): void => void answer.destroy(new HttpFailure("ABORTED", false));
  signal.addEventListener("abort", abort);
  try {
    for await (const chunk of answer) yield chunk as Uint8Array;
  } catch (error) {
    if (error instanceof HttpFailure) throw error;
    throw new HttpFailure(signal.aborted ? "ABORTED" : codeOf(error instanceof Error ? error : new Error("no error")), false);
  } finally {
    signal.removeEventListener("abort", abort);
    answer.destroy();
  }
}
