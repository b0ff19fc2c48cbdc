import { constants } from "node:fs";
import { lstat, mkdir, open, realpath, type FileHandle } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, sep } from "node:path";
import { refuse } from "./refusal.ts";

/** The folders that an agent may reach through us. Where a path leads in the end decides, not how it is written. */
export class Roots {
  readonly #roots: readonly string[];

  constructor(roots: readonly string[]) {
    this.#roots = roots;
  }

  /** The real path of something that is there. Refused outside the roots, and alike where there is nothing. */
  async existing(path: string): Promise<string> {
    await this.#checkForm(path);
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || !(await this.#holds(real)))
      return await refuse("not-found", `There is no such file in reach: ${path}`);
    return real;
  }

  /** The real path that a file would have; the folders above it are made. */
  async creatable(path: string): Promise<string> {
    await this.#checkForm(path);
    const target = await realpath(path).catch(() => undefined);
    if (target !== undefined) return await this.existing(path);
    // A link that leads nowhere yet would be followed by whoever writes.
    if (await isThere(path)) return await refuse("not-found", `There is no such file in reach: ${path}`);
    const folder = await this.#folderFor(dirname(path));
    return join(folder, basename(path));
  }

  /** Opens a file to read, and checks then that it is the one that was meant: nobody may have put another in between. */
  async openForReading(path: string): Promise<FileHandle> {
    const real = await this.existing(path);
    // Not to wait for somebody to write into a pipe.
    const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
    const file = await open(real, flags).catch(() => undefined);
    if (file === undefined) return await refuse("not-found", `The file cannot be read: ${path}`);
    if (await this.isAt(file, real)) return file;
    await file.close();
    return await refuse("not-found", `It is no file in reach: ${path}`);
  }

  /** Whether an open file is an ordinary one that lies at this path, inside the roots, now that it is open. */
  async isAt(file: FileHandle, path: string): Promise<boolean> {
    const opened = await file.stat();
    if (!opened.isFile()) return false;
    const real = await realpath(path).catch(() => undefined);
    if (real === undefined || !(await this.#holds(real))) return false;
    const there = await lstat(real).catch(() => undefined);
    return there !== undefined && there.dev === opened.dev && there.ino === opened.ino;
  }

  /** The real path of the nearest folder that is there, with those below it made. */
  async #folderFor(folder: string): Promise<string> {
    const real = await realpath(folder).catch(() => undefined);
    if (real !== undefined) return await this.existing(folder);
    if (await isThere(folder)) return await refuse("not-found", `There is no such folder in reach: ${folder}`);
    const parent = await this.#folderFor(dirname(folder));
    const made = join(parent, basename(folder));
    await mkdir(made).catch(() => undefined);
    return await this.existing(made);
  }

  async #checkForm(path: string): Promise<void> {
    const isPlain = isAbsolute(path) && !path.includes("\0") && path.length <= 4096 && !path.split(sep).includes("..");
    if (!isPlain) await refuse("invalid", "Expected an absolute path without `..`");
  }

  async #holds(real: string): Promise<boolean> {
    for (const root of this.#roots) {
      const realRoot = await realpath(root).catch(() => undefined);
      if (
        realRoot !== undefined &&
        (real === realRoot || real.startsWith(realRoot.endsWith(sep) ? realRoot : `${realRoot}${sep}`))
      )
        return true;
    }
    return false;
  }
}

async function isThere(path: string): Promise<boolean> {
  return await lstat(path).then(
    () => true,
    () => false,
  );
}
