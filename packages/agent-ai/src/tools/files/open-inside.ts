import { constants, type Stats } from "node:fs";
import { lstat, open, realpath, type FileHandle } from "node:fs/promises";
import { realPathInside, realRoots, refuseSensitive } from "./roots.ts";

/** Which files may be used. */
export interface Reach {
  readonly roots: readonly string[];
  /** Patterns of names that are refused. */
  readonly denied: readonly string[];
}

/** A file that was looked at after it was opened: what stands in the handle is what was asked for, whatever happens to the path. */
export interface OpenedFile extends AsyncDisposable {
  readonly path: string;
  readonly handle: FileHandle;
  readonly stats: Stats;
}

/**
 * Opens a regular file for reading. Links that stand in the path are followed as long as they stay inside; the file that is opened is
 * then compared with the one the path leads to, so that nobody can put another in its place meanwhile.
 *
 * @throws Error with a sentence for the model.
 */
export async function openInside(path: string, { roots, denied }: Reach): Promise<OpenedFile> {
  const folders = await realRoots(roots);
  const real = await realPathInside(path, folders);
  refuseSensitive(real, folders, denied);
  // Without O_NONBLOCK a named pipe would be waited for.
  const handle = await open(real, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new Error(`${path} is no file${stats.isDirectory() ? " but a folder" : ""}.`);
    const again = await realpath(real);
    const now = await lstat(again);
    if (again !== real || now.ino !== stats.ino || now.dev !== stats.dev) {
      throw new Error(`${path} was changed while it was opened. Try again.`);
    }
    return { path: real, handle, stats, [Symbol.asyncDispose]: () => handle.close() };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
