import { createHash, randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { mkdir, open, readdir, rename, rm, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import type { Clock, Logger } from "@hermes/core";
import { readingSchema, type Reading } from "./reading.ts";

/** Six bytes for each character of a text at most, and room for the rest. */
const maxFileBytes = 1_048_576;

/** What a cache is made with. */
export interface ReadingCacheOptions {
  readonly folder: string;
  /** Of more, those that were not asked for longest are dropped. */
  readonly maxEntries: number;
  readonly clock: Clock;
  readonly logger: Logger;
}

/**
 * Remembers what files say, also over a restart: one small file for each, for its owner only. A disk that cannot be read or written
 * costs another call of a service, never the message.
 */
export class ReadingCache {
  readonly #options: ReadingCacheOptions;

  constructor(options: ReadingCacheOptions) {
    this.#options = options;
  }

  async get(key: string): Promise<Reading | undefined> {
    const path = this.#pathOf(key);
    try {
      const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
      try {
        if ((await handle.stat()).size > maxFileBytes) throw new RangeError("It is larger than what is ever written");
        const { text, durationMs } = readingSchema.parse(JSON.parse(await handle.readFile("utf8")));
        const now = this.#options.clock.now() / 1000;
        await handle.utimes(now, now);
        return { text, durationMs };
      } finally {
        await handle.close();
      }
    } catch (error) {
      if (!isMissing(error)) this.#complain("read", error);
      return undefined;
    }
  }

  async put(key: string, reading: Reading): Promise<void> {
    const path = this.#pathOf(key);
    const temporary = `${path}.${randomUUID()}.new`;
    try {
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      const handle = await open(
        temporary,
        constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW,
        0o600,
      );
      try {
        await handle.writeFile(JSON.stringify({ version: 1, ...reading }));
      } finally {
        await handle.close();
      }
      const now = this.#options.clock.now() / 1000;
      await utimes(temporary, now, now);
      await rename(temporary, path);
      await this.#dropOldest();
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      this.#complain("written", error);
    }
  }

  #pathOf(key: string): string {
    return join(this.#options.folder, createHash("sha256").update(key).digest("hex"));
  }

  /** A tenth at once, so that not every new entry looks at all of them. */
  async #dropOldest(): Promise<void> {
    const { folder, maxEntries } = this.#options;
    const names = await readdir(folder);
    if (names.length <= maxEntries) return;
    const files: { readonly path: string; readonly atMs: number }[] = [];
    for (const name of names) {
      const path = join(folder, name);
      files.push({ path, atMs: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 });
    }
    const kept = Math.max(1, Math.floor(maxEntries * 0.9));
    for (const { path } of files.toSorted((a, b) => a.atMs - b.atMs).slice(0, files.length - kept))
      await rm(path, { force: true });
  }

  #complain(what: string, error: unknown): void {
    const code =
      error instanceof Error && "code" in error ? String(error.code) : error instanceof Error ? error.name : typeof error;
    this.#options.logger.warn(`What is remembered of media could not be ${what} (${code}); it is asked for again.`);
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
