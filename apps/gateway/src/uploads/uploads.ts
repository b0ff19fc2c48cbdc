import { randomBytes } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Upload } from "@hermes/platform-web";
import { isDiskFull } from "../disk-full.ts";
import { FileFolder } from "../files/file-folder.ts";

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
  readonly #folder: FileFolder;
  readonly #maxTotalBytes: number;
  #totalBytes: Promise<number> | undefined;
  /** Room that is kept free for files on their way in. */
  #reservedBytes = 0;

  constructor(home: string, { maxTotalBytes = defaultTotalBytes }: UploadsOptions = {}) {
    this.#folder = new FileFolder(join(home, "gateway", "uploads"));
    this.#maxTotalBytes = maxTotalBytes;
  }

  /** Keeps a file. One that breaks off leaves nothing. */
  async save(body: AsyncIterable<Uint8Array>, { name, mimeType }: Pick<Upload, "name" | "mimeType">): Promise<Saved> {
    await this.#folder.create();
    this.#totalBytes ??= this.#folder.measure();
    const totalBytes = await this.#totalBytes;
    if (totalBytes + this.#reservedBytes + maxUploadBytes > this.#maxTotalBytes) return { kind: "full" };
    this.#reservedBytes += maxUploadBytes;
    const id = randomBytes(16).toString("base64url");
    try {
      return await this.#write(id, body, { name, mimeType });
    } catch (error) {
      await rm(this.#folder.pathOf(factsOf(id)), { force: true });
      if (isDiskFull(error)) return { kind: "full" };
      throw error;
    } finally {
      // Of what is whole nothing is left under this name.
      this.#reservedBytes -= maxUploadBytes;
      await rm(this.#folder.pathOf(unfinished(id)), { force: true });
    }
  }

  /** What it is called is written first: a file that has its name is whole. */
  async #write(
    id: string,
    body: AsyncIterable<Uint8Array>,
    { name, mimeType }: Pick<Upload, "name" | "mimeType">,
  ): Promise<Saved> {
    const sizeBytes = await this.#folder.write(unfinished(id), body, maxUploadBytes);
    if (sizeBytes === undefined) return { kind: "too-large" };
    const upload: Upload = { kind: kindOf(mimeType), name, mimeType, sizeBytes, path: `/v1/files/${id}` };
    await this.#folder.write(factsOf(id), [Buffer.from(JSON.stringify(upload))], maxUploadBytes);
    await rename(this.#folder.pathOf(unfinished(id)), this.#folder.pathOf(id));
    this.#totalBytes = this.#totalBytes?.then((totalBytes) => totalBytes + sizeBytes);
    return { kind: "saved", id, upload };
  }

  async find(id: string): Promise<Upload | undefined> {
    if (!idPattern.test(id)) return undefined;
    const file = await this.#folder.open(factsOf(id));
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
    const file = idPattern.test(id) ? await this.#folder.open(id) : undefined;
    if (file === undefined) throw Object.assign(new Error(`There is no upload ${JSON.stringify(id)}`), { code: "ENOENT" });
    return Readable.toWeb(file.createReadStream()) as ReadableStream<Uint8Array>;
  }

  /** Removes what is older than `maxAgeMs`, until `signal` is aborted. Answers how many files that were. */
  async sweep(nowMs: number, maxAgeMs: number, signal?: AbortSignal): Promise<number> {
    const gone = await this.#folder.sweep(nowMs, maxAgeMs, signal);
    this.#totalBytes = undefined;
    // The facts beside a file are no file of their own.
    return gone.filter((name) => !name.endsWith(".json")).length;
  }
}

/** What a file is called, and is. */
function factsOf(id: string): string {
  return `${id}.json`;
}

function unfinished(id: string): string {
  return `${id}.unfinished`;
}

function kindOf(mimeType: string): Upload["kind"] {
  const [type] = mimeType.split("/", 1);
  return type === "image" || type === "audio" || type === "video" ? type : "file";
}
