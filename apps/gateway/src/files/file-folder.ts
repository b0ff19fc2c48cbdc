import { constants } from "node:fs";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** A folder of the gateway's own with files of other people in it: nobody else reads it, and no link in it is followed. */
export class FileFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  pathOf(name: string): string {
    return join(this.path, name);
  }

  async create(): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
  }

  async names(): Promise<readonly string[]> {
    try {
      return await readdir(this.path);
    } catch (error) {
      if (isAbsent(error)) return [];
      throw error;
    }
  }

  /** Bytes of all of it. */
  async measure(): Promise<number> {
    let total = 0;
    for (const name of await this.names()) total += (await stat(this.pathOf(name)).catch(ifAbsent))?.size ?? 0;
    return total;
  }

  async has(name: string): Promise<boolean> {
    return (await stat(this.pathOf(name)).catch(ifAbsent)) !== undefined;
  }

  /** undefined: there is none of this name. */
  async open(name: string) {
    return await open(this.pathOf(name), constants.O_RDONLY | constants.O_NOFOLLOW).catch(ifAbsent);
  }

  /** Writes a new file through to the disk. Bytes written; undefined as soon as they are more than `maxBytes`. */
  async write(
    name: string,
    body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
    maxBytes: number,
  ): Promise<number | undefined> {
    const file = await open(this.pathOf(name), "wx", 0o600);
    let sizeBytes = 0;
    try {
      for await (const chunk of body) {
        sizeBytes += chunk.byteLength;
        if (sizeBytes > maxBytes) return undefined;
        await file.writeFile(chunk);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    return sizeBytes;
  }

  /** Removes what is older than `maxAgeMs`, until `signal` is aborted. Answers the names of what went. */
  async sweep(nowMs: number, maxAgeMs: number, signal?: AbortSignal): Promise<readonly string[]> {
    const gone: string[] = [];
    for (const name of await this.names()) {
      if (signal?.aborted === true) break;
      const stats = await stat(this.pathOf(name)).catch(ifAbsent);
      if (stats === undefined || nowMs - stats.mtimeMs <= maxAgeMs) continue;
      await rm(this.pathOf(name), { force: true });
      gone.push(name);
    }
    return gone;
  }
}

function ifAbsent(error: unknown): undefined {
  if (isAbsent(error)) return undefined;
  throw error;
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
