import type { OutboundFile, PlatformError } from "@hermes/core";
import { countedStream, fileBody, fileNameFor, type HttpAnswer } from "@hermes/http";
import { contentAddress } from "../identifiers.ts";
import { part, type Calls } from "./calls.ts";
import { failureOf, refusalCode, toPlatformFailure } from "./failure.ts";
import { StreamedBody } from "./client.ts";

/** Files, both ways. Each throws a `PlatformError` and nothing else. */
export interface MediaCalls {
  /** Streams a file to the homeserver and returns its `mxc:` address. */
  upload(file: OutboundFile, signal: AbortSignal): Promise<string>;
  /** The largest file that the homeserver takes, in bytes, where it says so. */
  maxUploadBytes(signal: AbortSignal): Promise<number | undefined>;
  /** The stream errors with a `PlatformError` as well: `too-long` above `maxBytes`. */
  download(address: string, maxBytes: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

/** For addresses that the homeserver names: fetched without the bot's token. */
export type FetchElsewhere = (request: Request) => Promise<Response>;

const what = "fetch a file";
const authenticated = "/_matrix/client/v1/media";
const older = "/_matrix/media/v3";

export function mediaCalls(calls: Calls, elsewhere: FetchElsewhere): MediaCalls {
  const { request, caller } = calls;
  const fail = (failure: PlatformError["failure"], why: string): PlatformError => failureOf(failure, what, why, caller, false);
  /** What is fetched is not changed: nothing can have been done. */
  const failed = (error: unknown): PlatformError => {
    const { failure, message } = toPlatformFailure(error, what, caller, "message");
    return failureOf(failure, what, message.replace(/^\[[^\]]*\] (?:Cannot fetch a file: )?/u, ""), caller, false);
  };
  const get = async (path: string, signal: AbortSignal): Promise<HttpAnswer> => {
    try {
      return await calls.fetch(what, `/download/${path}`, authenticated, signal);
    } catch (error) {
      const { failure } = toPlatformFailure(error, what, caller);
      // A homeserver older than authenticated media (Matrix 1.11) says M_UNRECOGNIZED, and a proxy that does not pass these paths on shows
      // a page; the token is sent there all the same.
      if (failure.kind !== "invalid" && refusalCode(error) !== "HTTP_404") throw failed(error);
      return await calls.fetch(what, `/download/${path}`, older, signal).catch((second: unknown) => {
        throw failed(second);
      });
    }
  };
  return {
    async upload(file, signal) {
      const body = fileBody(file);
      const query = { filename: fileNameFor(file) };
      const call = { method: "POST", path: "/upload", prefix: older, query, contentType: body.contentType } as const;
      const { content_uri: address } = await request("upload a file", { ...call, body: new StreamedBody(body), signal });
      if (typeof address === "string" && contentAddress(address) !== undefined) return address;
      throw failureOf({ kind: "unavailable" }, "upload a file", "the answer names no file", caller);
    },
    async maxUploadBytes(signal) {
      for (const [prefix, path] of [
        [authenticated, "/config"],
        [older, "/config"],
      ] as const) {
        try {
          const { "m.upload.size": size } = await request("ask how large files may be", { method: "GET", path, prefix, signal });
          return typeof size === "number" && Number.isSafeInteger(size) && size > 0 ? size : undefined;
        } catch (error) {
          // Where it is not said, a file that is too large is refused when it comes.
          const { kind } = toPlatformFailure(error, what, caller).failure;
          if (kind === "unauthorized" || kind === "aborted") throw error;
        }
      }
      return undefined;
    },
    async download(address, maxBytes, signal) {
      const file = contentAddress(address);
      if (file === undefined) throw fail({ kind: "invalid" }, "its address is none of Matrix's");
      const answer = await get(`${part(file.server)}/${part(file.mediaId)}`, signal);
      const tooLong = (): PlatformError => fail({ kind: "too-long" }, `it is larger than ${maxBytes} bytes`);
      if (answer.status === 200) {
        if ((answer.sizeBytes ?? 0) > maxBytes) {
          answer.discard();
          throw tooLong();
        }
        return countedStream(answer, { maxBytes, tooLong, failed });
      }
      const { location } = answer.headers;
      answer.discard();
      const target = location === undefined ? null : URL.parse(location);
      // Homeservers may keep files elsewhere (307 and 308 of `/media/download`); the token is not for whoever keeps them.
      if (![301, 302, 303, 307, 308].includes(answer.status) || (target?.protocol !== "https:" && target?.protocol !== "http:")) {
        throw fail({ kind: "unavailable" }, `the homeserver answers ${answer.status}`);
      }
      const response = await elsewhere(new Request(target, { signal })).catch(() => {
        if (signal.aborted) throw fail({ kind: "aborted" }, "stopped by the caller");
        throw fail({ kind: "unavailable" }, "where the homeserver keeps it cannot be reached");
      });
      if (!response.ok || response.body === null)
        throw fail({ kind: "unavailable" }, `where it is kept, the answer is ${response.status}`);
      return countedStream(sourceOf(response.body), { maxBytes, tooLong, failed });
    },
  };
}

function sourceOf(body: ReadableStream<Uint8Array>): Parameters<typeof countedStream>[0] {
  const reader = body.getReader();
  return {
    async *chunks() {
      for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) yield next.value;
    },
    // That it cannot be let go changes nothing any more.
    discard: () => void reader.cancel().catch(() => undefined),
  };
}
