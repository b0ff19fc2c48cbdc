import { PlatformError, type Failure } from "@hermes/core";
import { countedStream, type HttpAnswer } from "@hermes/http";
import type { Calls } from "./calls.ts";
import { toPlatformFailure } from "./failure.ts";
import { isSlackAddress } from "./files.ts";
import { objectIn, textIn } from "./answers.ts";

/** Fetching what people sent. */
export interface DownloadCalls {
  /** Throws, and the stream errors, with a `PlatformError`: `too-long` above `maxBytes`, `not-found` for a file that is gone. */
  openFile(fileId: string, maxBytes: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const what = "fetch a file";

export function downloadCalls({ raw, options }: Calls): DownloadCalls {
  const { platform, apiRoot, http, token, silenceMs } = options;
  // What is fetched is not changed: nothing can have been done.
  const fail = (failure: Failure, why: string): PlatformError =>
    new PlatformError({ platform, failure, message: `Cannot ${what}: ${why}`, maybeDone: false });
  const failed = (error: unknown): PlatformError => {
    const { failure, message } = toPlatformFailure(error, what, platform);
    return new PlatformError({ platform, failure, message: message.replace(`[${platform}] `, ""), maybeDone: false });
  };
  const tooLong = (maxBytes: number): PlatformError => fail({ kind: "too-long" }, `it is larger than ${maxBytes} bytes`);

  const addressOf = async (fileId: string, maxBytes: number, signal: AbortSignal): Promise<URL> => {
    const file = objectIn((await raw("files.info", { file: fileId }, signal))["file"]);
    if (typeof file["size"] === "number" && file["size"] > maxBytes) throw tooLong(maxBytes);
    const address = textIn(file["url_private_download"]) ?? textIn(file["url_private"]);
    const url = address === undefined ? null : URL.parse(address);
    if (url === null) throw fail({ kind: "not-found", what: "message" }, "Slack names no address for it");
    // The token goes along: never to anybody else, however the file is called there (a file may lie outside Slack).
    if (!isSlackAddress(url, apiRoot)) throw fail({ kind: "invalid" }, "it does not lie at Slack");
    return url;
  };

  return {
    async openFile(fileId, maxBytes, signal) {
      try {
        const url = await addressOf(fileId, maxBytes, signal);
        const stream = await http.open({ method: "GET", url, headers: { authorization: `Bearer ${token}` }, signal, silenceMs });
        const refusal = refusalOf(stream);
        const isTaken = refusal === undefined && (stream.sizeBytes ?? 0) <= maxBytes;
        if (isTaken) return countedStream(stream, { maxBytes, tooLong: () => tooLong(maxBytes), failed });
        stream.discard();
        throw refusal === undefined ? tooLong(maxBytes) : fail(...refusal);
      } catch (error) {
        throw failed(error);
      }
    },
  };
}

/** Why this is not the file. Without the right to it Slack leads to its page for signing in, or shows that page. */
function refusalOf({ status, headers }: HttpAnswer): [Failure, string] | undefined {
  const isPage = /^text\/html/iu.test(headers["content-type"] ?? "") && headers["content-disposition"] === undefined;
  if ((status >= 300 && status < 400) || (status === 200 && isPage) || status === 403 || status === 401) {
    return [{ kind: "forbidden" }, "Slack shows a page for signing in: the app lacks the scope files:read"];
  }
  if (status === 404) return [{ kind: "not-found", what: "message" }, "it is gone"];
  return status === 200 ? undefined : [{ kind: "unavailable" }, `the server answers ${status}`];
}
