import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Entry, ImageReference } from "../transcript/entry.ts";
import { imageKind } from "./image-kind.ts";

/** Of one conversation no more is kept; the oldest goes first. */
const maxKept = 200;
/** So many images a prompt carries at most; then the oldest ten are left out at once, so that its beginning seldom changes. */
const maxShown = 20;
const leftOutAtOnce = 10;

/** Keeps the images of conversations as files by their content, so that a transcript holds only their names. */
export class ImageStore {
  readonly #folder: string;

  /** `folder`: an absolute path; made when the first image comes. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Keeps an image. Undefined where the bytes are none that models see. */
  async keep(sessionId: string, bytes: Uint8Array): Promise<ImageReference | undefined> {
    const mediaType = imageKind(bytes);
    if (mediaType === undefined) return undefined;
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const folder = this.#folderOf(sessionId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    // Written whole under its name or not at all: a crash in between leaves no half image.
    await writeFile(join(folder, `${sha256}.new`), bytes, { mode: 0o600 });
    await rename(join(folder, `${sha256}.new`), join(folder, sha256));
    await this.#dropOldest(folder);
    return { sha256, mediaType };
  }

  /** The images that a conversation's prompt shows, as base64 by their names; those that are `known` are not read again. What is gone is missing. */
  async load(
    sessionId: string,
    entries: readonly Entry[],
    known: ReadonlyMap<string, string>,
  ): Promise<ReadonlyMap<string, string>> {
    const all = entries.flatMap((entry) => (entry.kind === "user" ? (entry.images ?? []) : []));
    const leftOut = Math.max(0, Math.ceil((all.length - maxShown) / leftOutAtOnce) * leftOutAtOnce);
    const loaded = new Map<string, string>();
    for (const { sha256 } of all.slice(leftOut)) {
      const read = loaded.get(sha256) ?? known.get(sha256);
      if (read !== undefined) {
        loaded.set(sha256, read);
        continue;
      }
      const bytes = await readFile(join(this.#folderOf(sessionId), sha256)).catch(nothingIfMissing);
      // A file that somebody changed is another image than the model saw.
      if (bytes !== undefined && createHash("sha256").update(bytes).digest("hex") === sha256)
        loaded.set(sha256, bytes.toString("base64"));
    }
    return loaded;
  }

  async forget(sessionId: string): Promise<void> {
    await rm(this.#folderOf(sessionId), { recursive: true, force: true });
  }

  #folderOf(sessionId: string): string {
    return join(this.#folder, "images", createHash("sha256").update(sessionId).digest("hex").slice(0, 32));
  }

  async #dropOldest(folder: string): Promise<void> {
    const names = await readdir(folder);
    if (names.length <= maxKept) return;
    const files = await Promise.all(
      names.map(async (name) => ({ name, atMs: (await stat(join(folder, name)).catch(nothingIfMissing))?.mtimeMs ?? 0 })),
    );
    for (const { name } of files.toSorted((a, b) => a.atMs - b.atMs).slice(0, names.length - maxKept))
      await rm(join(folder, name), { force: true });
  }
}

function nothingIfMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code !== "ENOENT") throw error;
}
