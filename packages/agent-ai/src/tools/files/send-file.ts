import { basename } from "node:path";
import { Readable } from "node:stream";
import { z } from "zod";
import type { Tool } from "../../tool.ts";
import { defineTool, done, failed, inOneLine } from "../define-tool.ts";
import { kindOf, typeOf } from "./file-types.ts";
import { openInside, type OpenedFile, type Reach } from "./open-inside.ts";

const maxSentBytes = 50 * 1024 * 1024;

const input = z.strictObject({
  path: z.string().min(1).max(4096),
  caption: z.string().max(1000).optional().describe("What is said with it, in Markdown."),
});

/** Sends a file to whoever reads the answer. */
export function sendFileTool(reach: Reach): Tool {
  return defineTool({
    name: "send_file",
    set: "files",
    description: "Sends a file to the chat, as a picture where it is one.",
    input,
    title: ({ path }) => `Send ${path}`,
    effect: "once",
    async run({ path, caption }, context) {
      await using file = await openToSend(path, reach);
      const { size, ino, dev, mtimeMs } = file.stats;
      if (size > maxSentBytes) return failed(`${path} has ${size} bytes; more than ${maxSentBytes} are not sent.`);
      if (size === 0) return failed(`${path} is empty, so there is nothing to send.`);
      const name = inOneLine(basename(file.path));
      const mimeType = typeOf(name);
      const open = async (): Promise<ReadableStream<Uint8Array>> => {
        const again = await openToSend(path, reach);
        const { stats, handle } = again;
        if (stats.ino !== ino || stats.dev !== dev || stats.size !== size || stats.mtimeMs !== mtimeMs) {
          await handle.close();
          throw new Error(`${name} was changed after it was to be sent, so it is not.`);
        }
        return Readable.toWeb(handle.createReadStream({ end: size - 1, autoClose: true })) as ReadableStream<Uint8Array>;
      };
      context.emit({
        type: "file",
        file: { kind: kindOf(mimeType), name, mimeType, sizeBytes: size, open },
        ...(caption === undefined ? {} : { caption }),
      });
      return done(`${name} goes to the chat with the answer.`);
    },
  });
}

/** A second name for a file may stand for one outside: what leaves the machine has only one. */
async function openToSend(path: string, reach: Reach): Promise<OpenedFile> {
  const file = await openInside(path, reach);
  if (file.stats.nlink === 1) return file;
  await file.handle.close();
  throw new Error(`${path} has more than one name on the disk (hard links), so it is not sent. Copy it first.`);
}
