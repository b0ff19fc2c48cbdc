import type { Failure, PlatformError } from "@hermes/core";
import { countedStream } from "@hermes/http";
import type { Calls } from "./calls.ts";
import { failureOf, toPlatformFailure } from "./failure.ts";

/** Fetching what people sent. */
export interface DownloadCalls {
  /**
   * Throws, and the stream errors, with a `PlatformError`: `too-long` above `maxBytes`, `not-found` for what is gone. The bot's token
   * goes along with none of it.
   */
  openFile(url: string, maxBytes: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const what = "fetch an attachment";

export function downloadCalls({ http, platform, silenceMs }: Calls, mediaHosts: readonly string[]): DownloadCalls {
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
      const answer = await http.open({ method: "GET", url, signal, silenceMs }).catch((error: unknown) => {
        throw failed(error);
      });
      const { status, sizeBytes = 0 } = answer;
      if (status === 200 && sizeBytes <= maxBytes) {
        return countedStream(answer, { maxBytes, tooLong: () => tooLong(maxBytes), failed });
      }
      answer.discard();
      if (status === 200) throw tooLong(maxBytes);
      const gone = status === 403 || status === 404 || status === 410;
      throw fail(gone ? { kind: "not-found", what: "message" } : { kind: "unavailable" }, `the server answers ${status}`);
    },
  };
}

function isLoopback(hostname: string): boolean {
  return hostname === "127.0.0.1" || hostname === "localhost" || hostname === "[::1]";
}
