import type { OutboundFile } from "@hermes/core";

/** A body whose size is known before it is read. */
export interface UploadBody {
  readonly sizeBytes: number;
  /** Opens the file, and lets go of it when `signal` is aborted. What comes last completes the body: before it, nobody can act on it. */
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

/** A file as a body, read while it is sent. */
export function uploadBody(file: OutboundFile): UploadBody {
  return new FileBody(file);
}

/** A class, since the SDK writes plain objects as JSON. */
class FileBody implements UploadBody {
  readonly #file: OutboundFile;

  constructor(file: OutboundFile) {
    this.#file = file;
  }

  get sizeBytes(): number {
    return this.#file.sizeBytes;
  }

  chunks(signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    return chunksOf(this.#file, signal);
  }
}

async function* chunksOf(file: OutboundFile, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
  const reader = (await opened(file)).getReader();
  let sizeBytes = 0;
  // That it cannot be let go changes nothing any more.
  const letGo = (): Promise<void> => reader.cancel().catch(() => undefined);
  const abort = (): void => void letGo();
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  // Held back by one, so that a file that is longer than announced is never sent to its end.
  let last: Uint8Array | undefined;
  try {
    for (let next = await read(reader); next !== undefined; next = await read(reader)) {
      sizeBytes += next.byteLength;
      if (sizeBytes > file.sizeBytes) break;
      if (last !== undefined) yield last;
      last = next;
    }
    if (sizeBytes !== file.sizeBytes) throw new UnreadableFile(`it no longer has ${file.sizeBytes} bytes`, true);
    if (last !== undefined) yield last;
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
