import { randomBytes } from "node:crypto";
import { constants, createReadStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import type { Upload } from "@hermes/platform-web";

/** Bytes of one file. */
export const maxUploadBytes = 10 * 1024 * 1024;
/** Bytes of all of them. */
const maxTotalBytes = 1024 * 1024 * 1024;
const maxFactsBytes = 4096;
const idPattern = /^[\w-]{22}$/u;

/** What was uploaded is kept, or why not. */
export type Saved =
  | { readonly kind: "saved"; readonly id: string; readonly upload: Upload }
  | { readonly kind: "too-large" }
  | { readonly kind: "full" };

/** Files that people gave the gateway by its page, in a folder of their own. */
export class Uploads {
  readonly #folder: string;
  #totalBytes: number | undefined;

  constructor(home: string) {
    this.#folder = join(home, "gateway", "uploads");
  }

  /** Keeps a file. What is left of one that breaks off goes with the next sweep. */
  async save(body: AsyncIterable<Uint8Array>, { name, mimeType }: Pick<Upload, "name" | "mimeType">): Promise<Saved> {
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    this.#totalBytes ??= await this.#measure();
    if (this.#totalBytes + maxUploadBytes > maxTotalBytes) return { kind: "full" };
    const id = randomBytes(16).toString("base64url");
    const unfinished = `${this.#pathOf(id)}.unfinished`;
    const sizeBytes = await write(unfinished, body);
    if (sizeBytes === undefined) {
      await rm(unfinished, { force: true });
      return { kind: "too-large" };
    }
    const upload: Upload = { kind: kindOf(mimeType), name, mimeType, sizeBytes, path: `/v1/files/${id}` };
    await write(`${this.#pathOf(id)}.json`, [Buffer.from(JSON.stringify(upload))]);
    await rename(unfinished, this.#pathOf(id));
    this.#totalBytes += sizeBytes;
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
    if (!idPattern.test(id)) throw new Error("There is no such file");
    const stream = createReadStream(this.#pathOf(id), { flags: constants.O_RDONLY | constants.O_NOFOLLOW } as object);
    return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
  }

  /** Removes what is older than `maxAgeMs`. */
  async sweep(nowMs: number, maxAgeMs: number): Promise<void> {
    for (const name of await this.#names()) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await stat(path);
      if (nowMs - mtimeMs > maxAgeMs) await rm(path, { force: true });
    }
    this.#totalBytes = undefined;
  }

  async #measure(): Promise<number> {
    let total = 0;
    for (const name of await this.#names()) total += (await stat(join(this.#folder, name))).size;
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
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}

function kindOf(mimeType: string): Upload["kind"] {
  const [type] = mimeType.split("/", 1);
  return type === "image" || type === "audio" || type === "video" ? type : "file";
}
