import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Upload } from "@hermes/platform-web";
import { isDiskFull } from "../disk-full.ts";

/** Bytes of one file. */
export const maxUploadBytes = 10 * 1024 * 1024;
/** Bytes of all of them. */
const defaultTotalBytes = 1024 * 1024 * 1024;
const maxFactsBytes = 4096;
const idPattern = /^[\w-]{22}$/u;

export interface UploadsOptions {
  /** Bytes of all files. Default 1 GiB. */
  readonly maxTotalBytes?: number;
}

/** What was uploaded is kept, or why not. */
export type Saved =
  | { readonly kind: "saved"; readonly id: string; readonly upload: Upload }
  | { readonly kind: "too-large" }
  | { readonly kind: "full" };

/** Files that people gave the gateway by its page, in a folder of their own. */
export class Uploads {
  readonly #folder: string;
  readonly #maxTotalBytes: number;
  #totalBytes: Promise<number> | undefined;
  /** Room that is kept free for files on their way in. */
  #reservedBytes = 0;

  constructor(home: string, { maxTotalBytes = defaultTotalBytes }: UploadsOptions = {}) {
    this.#folder = join(home, "gateway", "uploads");
    this.#maxTotalBytes = maxTotalBytes;
  }

  /** Keeps a file. One that breaks off leaves nothing. */
  async save(body: AsyncIterable<Uint8Array>, { name, mimeType }: Pick<Upload, "name" | "mimeType">): Promise<Saved> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#totalBytes ??= this.#measure();
    const totalBytes = await this.#totalBytes;
    if (totalBytes + this.#reservedBytes + maxUploadBytes > this.#maxTotalBytes) return { kind: "full" };
    this.#reservedBytes += maxUploadBytes;
    const id = randomBytes(16).toString("base64url");
    try {
      return await this.#write(id, body, { name, mimeType });
    } catch (error) {
      await rm(`${this.#pathOf(id)}.json`, { force: true });
      if (isDiskFull(error)) return { kind: "full" };
      throw error;
    } finally {
      // Of what is whole nothing is left under this name.
      this.#reservedBytes -= maxUploadBytes;
      await rm(this.#unfinished(id), { force: true });
    }
  }

  /** What it is called is written first: a file that has its name is whole. */
  async #write(
    id: string,
    body: AsyncIterable<Uint8Array>,
    { name, mimeType }: Pick<Upload, "name" | "mimeType">,
  ): Promise<Saved> {
    const sizeBytes = await write(this.#unfinished(id), body);
    if (sizeBytes === undefined) return { kind: "too-large" };
    const upload: Upload = { kind: kindOf(mimeType), name, mimeType, sizeBytes, path: `/v1/files/${id}` };
    await write(`${this.#pathOf(id)}.json`, [Buffer.from(JSON.stringify(upload))]);
    await rename(this.#unfinished(id), this.#pathOf(id));
    this.#totalBytes = this.#totalBytes?.then((totalBytes) => totalBytes + sizeBytes);
    return { kind: "saved", id, upload };
  }

  async find(id: string): Promise<Upload | undefined> {
    if (!idPattern.test(id)) return undefined;
    const file = await openOwn(`${this.#pathOf(id)}.json`);
    if (file === undefined) return undefined;
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(maxFactsBytes), 0, maxFactsBytes, 0);
      return JSON.parse(buffer.toString("utf8", 0, bytesRead)) as Upload;
    } finally {
      await file.close();
    }
  }

  /** @throws Error of code `ENOENT` for one that is not there. */
  async open(id: string): Promise<ReadableStream<Uint8Array>> {
    const file = idPattern.test(id) ? await openOwn(this.#pathOf(id)) : undefined;
    if (file === undefined) throw Object.assign(new Error(`There is no upload ${JSON.stringify(id)}`), { code: "ENOENT" });
    return Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
  }

  /** Removes what is older than `maxAgeMs`, until `signal` is aborted. Answers how many files that were. */
  async sweep(nowMs: number, maxAgeMs: number, signal?: AbortSignal): Promise<number> {
    let count = 0;
    for (const name of await this.#names()) {
      if (signal?.aborted === true) break;
      const path = join(this.#folder, name);
      const stats = await stat(path).catch(ifAbsent);
      if (stats === undefined || nowMs - stats.mtimeMs <= maxAgeMs) continue;
      await rm(path, { force: true });
      // The facts beside a file are no file of their own.
      if (!name.endsWith(".json")) count += 1;
    }
    this.#totalBytes = undefined;
    return count;
  }

  async #measure(): Promise<number> {
    let total = 0;
    for (const name of await this.#names()) total += (await stat(join(this.#folder, name)).catch(ifAbsent))?.size ?? 0;
    return total;
  }

  async #names(): Promise<readonly string[]> {
    try {
      return await readdir(this.#folder);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  #pathOf(id: string): string {
    return join(this.#folder, id);
  }

  #unfinished(id: string): string {
    return `${this.#pathOf(id)}.unfinished`;
  }
}

/** Bytes written; undefined as soon as they are too many. */
async function write(path: string, body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<number | undefined> {
  const file = await open(path, "wx", 0o600);
  let sizeBytes = 0;
  try {
    for await (const chunk of body) {
      sizeBytes += chunk.byteLength;
      if (sizeBytes > maxUploadBytes) return undefined;
      await file.writeFile(chunk);
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return sizeBytes;
}

async function openOwn(path: string) {
  return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(ifAbsent);
}

function ifAbsent(error: unknown): undefined {
  if (isAbsent(error)) return undefined;
  throw error;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function kindOf(mimeType: string): Upload["kind"] {
  const [type] = mimeType.split("/", 1);
  return type === "image" || type === "audio" || type === "video" ? type : "file";
}
