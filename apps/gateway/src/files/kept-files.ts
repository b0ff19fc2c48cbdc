import { createHash, randomBytes } from "node:crypto";
import { rename, rm, utimes } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { OutboundFile } from "@hermes/core";
import type { FileShelf } from "@hermes/runtime";
import { FileFolder } from "./file-folder.ts";

/** Bytes of all files. */
const defaultTotalBytes = 4 * 1024 * 1024 * 1024;
const keyPattern = /^[0-9a-f]{64}$/u;

export interface KeptFilesOptions {
  /** Bytes of all files. Default 4 GiB. */
  readonly maxTotalBytes?: number;
}

/** Files of answers, kept by their content until they are delivered and as long as what was said is. */
export class KeptFiles implements FileShelf {
  readonly #folder: FileFolder;
  readonly #maxTotalBytes: number;
  #totalBytes: Promise<number> | undefined;
  /** Room that is kept free for files on their way in. */
  #reservedBytes = 0;

  constructor(home: string, { maxTotalBytes = defaultTotalBytes }: KeptFilesOptions = {}) {
    this.#folder = new FileFolder(join(home, "gateway", "files"));
    this.#maxTotalBytes = maxTotalBytes;
  }

  async keep(file: OutboundFile, signal: AbortSignal): Promise<{ readonly key: string; readonly sizeBytes: number }> {
    const { sizeBytes } = file;
    if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0)
      throw new Error(`Expected the size of a file to be a whole number of bytes, got ${sizeBytes}`);
    await this.#folder.create();
    if ((await this.#measured()) + this.#reservedBytes + sizeBytes > this.#maxTotalBytes)
      throw new Error(`There is no room for ${sizeBytes} more bytes in ${this.#folder.path}`);
    this.#reservedBytes += sizeBytes;
    const unfinished = `${randomBytes(16).toString("hex")}.unfinished`;
    try {
      return await this.#write(unfinished, file, signal);
    } finally {
      this.#reservedBytes -= sizeBytes;
      await rm(this.#folder.pathOf(unfinished), { force: true });
    }
  }

  /** What could not be measured now may be so later. */
  async #measured(): Promise<number> {
    const measuring = (this.#totalBytes ??= this.#folder.measure());
    try {
      return await measuring;
    } catch (error) {
      if (this.#totalBytes === measuring) this.#totalBytes = undefined;
      throw error;
    }
  }

  async #write(unfinished: string, file: OutboundFile, signal: AbortSignal) {
    const content = createHash("sha256");
    const bytes = await file.open();
    const written = await this.#folder.write(unfinished, hashing(bytes, content, signal), file.sizeBytes);
    if (written !== file.sizeBytes)
      throw new Error(`A file was said to have ${file.sizeBytes} bytes, and has ${written ?? "more"}`);
    const key = content.digest("hex");
    // The same bytes are there once, however often they are kept.
    const isNew = !(await this.#folder.has(key));
    await rename(this.#folder.pathOf(unfinished), this.#folder.pathOf(key));
    if (isNew) this.#totalBytes = this.#totalBytes?.then((totalBytes) => totalBytes + written);
    return { key, sizeBytes: written };
  }

  async open(key: string): Promise<ReadableStream<Uint8Array>> {
    const file = keyPattern.test(key) ? await this.#folder.open(key) : undefined;
    if (file === undefined) throw new Error("The file is not kept any more");
    // What is still sent is not old.
    const now = new Date();
    await utimes(this.#folder.pathOf(key), now, now);
    return Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
  }

  /** Removes what was last used longer ago than `maxAgeMs`. Answers how many files that were. */
  async sweep(nowMs: number, maxAgeMs: number, signal?: AbortSignal): Promise<number> {
    const gone = await this.#folder.sweep(nowMs, maxAgeMs, signal);
    this.#totalBytes = undefined;
    return gone.length;
  }
}

async function* hashing(
  bytes: ReadableStream<Uint8Array>,
  content: ReturnType<typeof createHash>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const reader = bytes.getReader();
  // A stream that gives nothing more is let go as well.
  const abort = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort, { once: true });
  try {
    for (let next = await reader.read(); next.value !== undefined; next = await reader.read()) {
      signal.throwIfAborted();
      content.update(next.value);
      yield next.value;
    }
    signal.throwIfAborted();
  } finally {
    signal.removeEventListener("abort", abort);
    abort();
  }
}
