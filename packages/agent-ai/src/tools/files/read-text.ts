import { isBinary } from "../clean-text.ts";
import type { OpenedFile } from "./open-inside.ts";

/**
 * All of a text file.
 *
 * @throws Error with a sentence for the model for a file that is too large or no text.
 */
export async function readText(file: OpenedFile, path: string, maxBytes: number): Promise<string> {
  const bytes = await readBytes(file, maxBytes + 1);
  if (bytes.byteLength > maxBytes) {
    throw new Error(`${path} has ${file.stats.size} bytes; more than ${maxBytes} are not read here.`);
  }
  if (isBinary(bytes)) throw new Error(`${path} is no text (${bytes.byteLength} bytes).`);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
}

/** The first `maxBytes` of a file: a file that grows meanwhile is not followed. */
export async function readBytes({ handle, stats }: OpenedFile, maxBytes: number): Promise<Uint8Array> {
  const buffer = new Uint8Array(Math.min(maxBytes, stats.size + 1));
  let filled = 0;
  while (filled < buffer.byteLength) {
    const { bytesRead } = await handle.read(buffer, filled, buffer.byteLength - filled, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return buffer.subarray(0, filled);
}
