import type { OutboundFile } from "@hermes/core";
import { fileBody, fileNameFor } from "@hermes/http";
import { isTimestamp } from "../place.ts";
import { objectIn, objectsIn, textIn, unreadable } from "./answers.ts";
import type { Calls } from "./calls.ts";
import { failureOf } from "./failure.ts";
import type { Spot } from "./messages.ts";

/** Files on their way out. */
export interface FileCalls {
  /** Brings the bytes there; nobody sees them before they are shared. */
  uploadFile(file: OutboundFile, signal: AbortSignal): Promise<string>;
  /** Shows what was uploaded, as one message. */
  shareFiles(spot: Spot, files: readonly UploadedFile[], comment: string | undefined, signal: AbortSignal): Promise<void>;
  /** The message that a file is shared with; undefined where there is none (yet). */
  messageOfFile(spot: Spot, fileId: string, signal?: AbortSignal): Promise<string | undefined>;
  deleteFile(fileId: string): Promise<void>;
}

export interface UploadedFile {
  readonly id: string;
  readonly title: string;
}

/** Slack keeps an upload back until it has looked at it. */
const uploadPatience = 10;

export function fileCalls({ raw, attempt, options }: Calls): FileCalls {
  const { http, apiRoot, silenceMs, platform } = options;
  const ticketFor = async (file: OutboundFile, what: string, signal: AbortSignal): Promise<{ id: string; url: URL }> => {
    const fields = { filename: fileNameFor(file), length: file.sizeBytes };
    const answer = await raw("files.getUploadURLExternal", fields, signal);
    const [id, address] = [textIn(answer["file_id"]), textIn(answer["upload_url"])];
    const url = address === undefined ? null : URL.parse(address);
    if (id === undefined || url === null) throw unreadable(what, platform);
    if (!isSlackAddress(url, apiRoot))
      throw failureOf({ kind: "invalid" }, what, "the address for it is none of Slack's", platform);
    return { id, url };
  };
  return {
    uploadFile(file, signal) {
      const what = "upload a file";
      // Slack takes no empty file (files.getUploadURLExternal, `length`).
      if (file.sizeBytes === 0) throw failureOf({ kind: "invalid" }, what, "it is empty", platform);
      return attempt(what, async () => {
        const { id, url } = await ticketFor(file, what, signal);
        const { status } = await http.exchange({
          method: "POST",
          url,
          headers: { "content-type": "application/octet-stream" },
          body: fileBody(file),
          signal,
          silenceMs: silenceMs * uploadPatience,
        });
        if (status === 200) return id;
        throw failureOf(
          status === 413 ? { kind: "too-long" } : { kind: "unavailable" },
          what,
          `the server answers ${status}`,
          platform,
        );
      });
    },
    shareFiles: ({ channel, thread }, files, comment, signal) =>
      attempt(`send files to ${channel}`, async () => {
        await raw(
          "files.completeUploadExternal",
          { files, channel_id: channel, thread_ts: thread, initial_comment: comment },
          signal,
        );
      }),
    messageOfFile: ({ channel }, fileId, signal) =>
      attempt("find a file", async () => {
        const { shares } = objectIn((await raw("files.info", { file: fileId }, signal))["file"]);
        const { public: open, private: closed } = objectIn(shares);
        const found = [open, closed].flatMap((places) => objectsIn(objectIn(places)[channel]));
        return found.map((share) => share["ts"]).find(isTimestamp);
      }),
    deleteFile: (fileId) => attempt("delete a file", async () => void (await raw("files.delete", { file: fileId }))),
  };
}

/** Files lie at Slack itself, or with the server that was configured. */
export function isSlackAddress(url: URL, apiRoot: string): boolean {
  if (url.origin === new URL(apiRoot).origin) return true;
  return url.protocol === "https:" && /^(?:[\w-]+\.)*slack(?:-gov|-edge|-files)?\.com$/u.test(url.hostname);
}
