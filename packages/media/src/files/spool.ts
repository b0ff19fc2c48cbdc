import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rm, stat, type FileHandle } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "@hermes/core";
import { MediaFailure } from "../media-failure.ts";
import { soundFormat, type SoundFormat } from "./sound-format.ts";
import { bytesOf, type Fetching } from "./take-bytes.ts";

/** A recording on disk, in a folder of its own that only its owner may read; both are gone once it is disposed of. */
export interface SpooledFile extends AsyncDisposable {
  readonly path: string;
  readonly folder: string;
  readonly format: SoundFormat;
  readonly sizeBytes: number;
  /** Of its bytes, in hexadecimal. */
  readonly sha256: string;
  /** Its first and its last bytes, some kilobytes each. */
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/** What a killed process left behind is older than this. */
const leftoverMs = 3_600_000;
const edgeBytes = 65_536;

/** Puts recordings on disk while they are listened to, so that none is held in memory and programs can open them. */
export class Spool {
  readonly #folder: string;
  readonly #clock: Clock;
  #swept: Promise<void> | undefined;

  constructor(folder: string, clock: Clock) {
    this.#folder = join(folder, "spool");
    this.#clock = clock;
  }

  /** Fetches a recording. Throws `MediaFailure`. */
  async take(fetching: Fetching): Promise<SpooledFile> {
    this.#swept ??= this.#sweep().catch((error: unknown) => {
      this.#swept = undefined;
      throw error;
    });
    await this.#swept;
    const folder = join(this.#folder, randomUUID());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      return await this.#write(folder, fetching);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async #write(folder: string, fetching: Fetching): Promise<SpooledFile> {
    const chunks = bytesOf(fetching);
    try {
      const first = await firstBytes(chunks);
      const format = soundFormat(first, fetching.attachment);
      if (format === undefined) throw new MediaFailure({ kind: "unknown-format" });
      return await keep(folder, format, first, chunks);
    } finally {
      await chunks.return();
    }
  }

  async #sweep(): Promise<void> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    for (const name of await readdir(this.#folder)) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
      if (mtimeMs < this.#clock.now() - leftoverMs) await rm(path, { recursive: true, force: true });
    }
  }
}

/** What cannot be kept at all ends here; what cannot be fetched has ended before. */
async function keep(
  folder: string,
  format: SoundFormat,
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<SpooledFile> {
  const path = join(folder, `recording.${format.extension}`);
  const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW, 0o600);
  try {
    const { sizeBytes, sha256 } = await writeAll(handle, first, rest);
    const head = await readAt(handle, 0);
    const tail = await readAt(handle, Math.max(0, sizeBytes - edgeBytes));
    const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
    return { path, folder, format, sizeBytes, sha256, head, tail, [Symbol.asyncDispose]: remove };
  } finally {
    await handle.close();
  }
}

/** Whether a recording is worth fetching at all is said by nobody but its first bytes. */
async function firstBytes(chunks: AsyncGenerator<Uint8Array, void, undefined>): Promise<Uint8Array> {
  let bytes: Uint8Array = new Uint8Array();
  while (bytes.byteLength < 12) {
    const { done, value } = await chunks.next();
    if (done === true) break;
    bytes = Buffer.concat([bytes, value]);
  }
  return bytes;
}

async function writeAll(
  handle: FileHandle,
  first: Uint8Array,
  rest: AsyncGenerator<Uint8Array, void, undefined>,
): Promise<{ readonly sizeBytes: number; readonly sha256: string }> {
  const hash = createHash("sha256");
  let sizeBytes = 0;
  const add = async (chunk: Uint8Array): Promise<void> => {
    hash.update(chunk);
    await handle.appendFile(chunk);
    sizeBytes += chunk.byteLength;
  };
  await add(first);
  for await (const chunk of rest) await add(chunk);
  return { sizeBytes, sha256: hash.digest("hex") };
}

async function readAt(handle: FileHandle, position: number): Promise<Uint8Array> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(edgeBytes), 0, edgeBytes, position);
  return buffer.subarray(0, bytesRead);
}
