import type { OutboundFile } from "@hermes/core";
import { UnreadableFile } from "./http-failure.ts";

/** The bytes of a file while it is read; exactly as many as were announced, or an `UnreadableFile`. Nothing is held in memory. */
export async function* fileBytes(file: OutboundFile): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = (await opened(file)).getReader();
  let sizeBytes = 0;
  let kept: Uint8Array | undefined;
  try {
    for (let next = await read(reader); next !== undefined; next = await read(reader)) {
      sizeBytes += next.byteLength;
      if (sizeBytes > file.sizeBytes) break;
      // The last piece completes the upload: it goes only when the size is known to be right.
      if (kept !== undefined) yield kept;
      kept = next;
    }
    if (sizeBytes !== file.sizeBytes) throw new UnreadableFile(`it no longer has ${file.sizeBytes} bytes`, true);
    if (kept !== undefined) yield kept;
  } finally {
    // That it cannot be let go changes nothing any more.
    await reader.cancel().catch(() => undefined);
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
