import { createReadStream } from "node:fs";
import { realpath, stat } from "node:fs/promises";
import { isAbsolute, sep } from "node:path";
import { PlatformError } from "@hermes/core";
import { countedStream, type HttpAnswer } from "@hermes/http";
import { native, type Calls } from "./calls.ts";
import { failureOf, isTooBig, toPlatformFailure } from "./failure.ts";

/** Fetching what people sent. */
export interface DownloadCalls {
  /** Throws, and the stream errors, with a `PlatformError`: `too-long` above `maxBytes`, `not-found` for a file that is gone. */
  openFile(fileId: string, maxBytes: number, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
}

const what = "fetch a file";
/** A path that leads on from the address it is put behind, and nowhere else. */
const relativePath = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w.-][\w. ()-]*(?:\/[\w. ()-]+)*$/u;

/** `localFiles`: the folder of a Bot API server of one's own on the same machine, which names files by where they lie. */
export function downloadCalls(calls: Calls, localFiles: string | undefined): DownloadCalls {
  const { raw, http, options } = calls;
  const fail = (failure: PlatformError["failure"], why: string): PlatformError => failureOf(failure, what, why, options, false);
  const tooLong = (maxBytes: number): PlatformError => fail({ kind: "too-long" }, `it is larger than ${maxBytes} bytes`);

  /** What is fetched is not changed: nothing can have been done. */
  const failed = (error: unknown): PlatformError => {
    const { failure, message } = toPlatformFailure(error, what, options);
    const bare = message.replace(`[${options.platform}] `, "");
    return new PlatformError({ platform: options.platform, failure, message: bare, maybeDone: false });
  };
  const attempt = async <Result>(call: () => Promise<Result>): Promise<Result> => {
    try {
      return await call();
    } catch (error) {
      throw failed(error);
    }
  };

  const pathOf = async (fileId: string, maxBytes: number, signal: AbortSignal): Promise<string> => {
    const file = await attempt(async () => {
      try {
        return await raw.getFile({ file_id: fileId }, native(signal));
      } catch (error) {
        if (!isTooBig(error)) throw error;
        throw fail(
          { kind: "too-long" },
          "Telegram gives bots no file above 20 MB; a Bot API server of your own does (`apiRoot`, `localFiles`)",
        );
      }
    });
    if (typeof file?.file_path !== "string") throw fail({ kind: "unavailable" }, "the answer names no path");
    if ((file.file_size ?? 0) > maxBytes) throw tooLong(maxBytes);
    return file.file_path;
  };

  const get = async (path: string, signal: AbortSignal): Promise<HttpAnswer> => {
    if (!relativePath.test(path)) throw fail({ kind: "invalid" }, "the server names a path that leads elsewhere");
    const escaped = path.split("/").map(encodeURIComponent).join("/");
    return attempt(() => http.download(`/file/bot${options.token}/${escaped}`, signal));
  };

  const openRemote = async (fileId: string, path: string, maxBytes: number, signal: AbortSignal): Promise<HttpAnswer> => {
    const first = await get(path, signal);
    if (first.status !== 404) return first;
    first.discard();
    // "It is guaranteed that the link will be valid for at least 1 hour. When the link expires, a new one can be requested" (File).
    return get(await pathOf(fileId, maxBytes, signal), signal);
  };

  return {
    async openFile(fileId, maxBytes, signal) {
      const path = await pathOf(fileId, maxBytes, signal);
      if (isAbsolute(path)) {
        const file = await openLocal(path, localFiles, maxBytes, { fail, tooLong, signal });
        return countedStream(file, { maxBytes, tooLong: () => tooLong(maxBytes), failed });
      }
      const download = await openRemote(fileId, path, maxBytes, signal);
      if (download.status !== 200 || (download.sizeBytes ?? 0) > maxBytes) {
        download.discard();
        if (download.status === 200) throw tooLong(maxBytes);
        const gone = { kind: "not-found", what: "message" } as const;
        throw fail(download.status === 404 ? gone : { kind: "unavailable" }, `the server answers ${download.status}`);
      }
      return countedStream(download, { maxBytes, tooLong: () => tooLong(maxBytes), failed });
    },
  };
}

interface LocalContext {
  readonly signal: AbortSignal;
  readonly fail: (failure: PlatformError["failure"], why: string) => PlatformError;
  readonly tooLong: (maxBytes: number) => PlatformError;
}

/** Reads only what lies in the folder, wherever links lead; the path holds the token, so no error names it. */
async function openLocal(
  path: string,
  root: string | undefined,
  maxBytes: number,
  { fail, tooLong, signal }: LocalContext,
): Promise<Pick<HttpAnswer, "chunks" | "discard">> {
  if (root === undefined) {
    throw fail({ kind: "invalid" }, "the Bot API server keeps files on its own disk: set `localFiles` to its folder");
  }
  const found = await located(path, root).catch(() => undefined);
  if (found === undefined) throw fail({ kind: "not-found", what: "message" }, "it does not lie in `localFiles` (any more)");
  if (found.sizeBytes > maxBytes) throw tooLong(maxBytes);
  const unwanted = new AbortController();
  const end = AbortSignal.any([signal, unwanted.signal]);
  return { chunks: () => chunksOf(found.path, end), discard: () => unwanted.abort() };
}

async function located(path: string, root: string): Promise<{ readonly path: string; readonly sizeBytes: number } | undefined> {
  const [folder, target] = await Promise.all([realpath(root), realpath(path)]);
  if (!target.startsWith(folder.endsWith(sep) ? folder : folder + sep)) return undefined;
  const facts = await stat(target);
  return facts.isFile() ? { path: target, sizeBytes: facts.size } : undefined;
}

async function* chunksOf(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of createReadStream(path, { signal })) yield chunk as Uint8Array;
}
