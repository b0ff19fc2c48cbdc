import { randomUUID } from "node:crypto";
import type { OutboundFile } from "@hermes/core";

/** A body whose size is known before it is made. */
export interface UploadBody {
  readonly contentType: string;
  readonly sizeBytes: number;
  /**
   * Opens each file when its turn comes, and lets go of it when `signal` is aborted. What comes last completes the body: before it,
   * nobody can act on it.
   */
  chunks(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined>;
}

/** A file could not be read as it was announced: nothing of the call took effect. */
export class UnreadableFile extends Error {
  override readonly name = "UnreadableFile";
  /** It is gone or another one by now: trying again is of no use. */
  readonly isFinal: boolean;

  constructor(why: string, isFinal: boolean, cause?: unknown) {
    super(why, cause === undefined ? undefined : { cause });
    this.isFinal = isFinal;
  }
}

/** Whether a body is one that is made here. */
export function isUpload(body: unknown): body is UploadBody {
  return typeof body === "object" && body !== null && "chunks" in body && "sizeBytes" in body;
}

/** The name under which a file is shown: what could end a header early is replaced, for it is a model's or a stranger's text. */
export function fileNameOf({ name }: Pick<OutboundFile, "name">): string {
  const clean = name.toWellFormed().replace(/[\p{Cc}"\\/]/gu, "_");
  return clean.slice(-200).toWellFormed() || "file";
}

/** `payload_json` and `files[n]` as `multipart/form-data` (Uploading Files); no file is held in memory. */
export function multipart(payload: object, files: readonly OutboundFile[]): UploadBody {
  const boundary = `----hermes-${randomUUID()}`;
  const start = bytesOf(
    `--${boundary}\r\ncontent-disposition: form-data; name="payload_json"\r\ncontent-type: application/json\r\n\r\n` +
      `${JSON.stringify(payload)}\r\n`,
  );
  const parts = files.map((file, index) => ({ head: bytesOf(headOf(boundary, index, file)), file }));
  const lineEnd = bytesOf("\r\n");
  const end = bytesOf(`--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    sizeBytes: parts.reduce(
      (sum, { head, file }) => sum + head.length + file.sizeBytes + lineEnd.length,
      start.length + end.length,
    ),
    async *chunks(signal) {
      yield start;
      for (const { head, file } of parts) {
        yield head;
        yield* bytesOfFile(file, signal);
        yield lineEnd;
      }
      yield end;
    },
  };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function headOf(boundary: string, index: number, file: OutboundFile): string {
  const type = /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/u.test(file.mimeType) ? file.mimeType : "application/octet-stream";
  const disposition = `form-data; name="files[${index}]"; filename="${fileNameOf(file)}"`;
  return `--${boundary}\r\ncontent-disposition: ${disposition}\r\ncontent-type: ${type}\r\n\r\n`;
}

async function* bytesOfFile(file: OutboundFile, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = (await opened(file)).getReader();
  let sizeBytes = 0;
  // That it cannot be let go changes nothing any more.
  const letGo = (): Promise<void> => reader.cancel().catch(() => undefined);
  const abort = (): void => void letGo();
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  try {
    for (let next = await read(reader); next !== undefined; next = await read(reader)) {
      sizeBytes += next.byteLength;
      if (sizeBytes > file.sizeBytes) break;
      yield next;
    }
    if (sizeBytes !== file.sizeBytes) throw new UnreadableFile(`it no longer has ${file.sizeBytes} bytes`, true);
  } finally {
    signal.removeEventListener("abort", abort);
    await letGo();
  }
}

async function opened(file: OutboundFile): Promise<ReadableStream<Uint8Array>> {
  try {
    return await file.open();
  } catch (error) {
    throw new UnreadableFile("it cannot be opened", isGone(error), error);
  }
}

async function read(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Uint8Array | undefined> {
  try {
    return (await reader.read()).value;
  } catch (error) {
    throw new UnreadableFile("it cannot be read to its end", isGone(error), error);
  }
}

function isGone(error: unknown): boolean {
  const code: unknown = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  return code === "ENOENT" || code === "EISDIR";
}
