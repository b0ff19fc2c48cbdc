import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { lstat, mkdir, open, realpath, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { Reach } from "./open-inside.ts";
import { placeInside, realRoots, refuseSensitive } from "./roots.ts";

/** How much may be written at once. */
const maxWrittenBytes = 2 * 1024 * 1024;

/**
 * Puts a text in the place of a file, or makes it: whoever reads it sees the old one or the new one, and nothing in between. The file
 * keeps its mode. Where the path is a link, what it leads to is written.
 *
 * @throws Error with a sentence for the model.
 */
export async function writeInside(path: string, text: string, { roots, denied }: Reach): Promise<{ readonly path: string }> {
  if (Buffer.byteLength(text) > maxWrittenBytes) throw new Error(`The text has more than ${maxWrittenBytes} bytes. Write less.`);
  const folders = await realRoots(roots);
  const place = await placeInside(path, folders);
  refuseSensitive(place, folders, denied);
  const before = await lstat(place).catch(() => undefined);
  if (before !== undefined && !before.isFile()) throw new Error(`${path} is no file.`);
  const folder = dirname(place);
  await mkdir(folder, { recursive: true });
  const changed = new Error(`${path} was changed while it was written. Try again.`);
  await using directory = await open(folder, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  // By its handle a folder stays the same one, whatever is put in its place. Only Linux gives handles a path.
  const pinned = process.platform === "linux" ? `/proc/self/fd/${directory.fd}` : folder;
  if ((await realpath(pinned)) !== folder) throw changed;
  const temporary = join(pinned, `.${basename(place).slice(0, 64)}.${randomUUID()}.tmp`);
  try {
    const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
    const handle = await open(temporary, flags, before === undefined ? 0o644 : before.mode & 0o777);
    try {
      if (before !== undefined) await handle.chmod(before.mode & 0o777);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if ((await realpath(pinned)) !== folder) throw changed;
    await rename(temporary, join(pinned, basename(place)));
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  return { path: place };
}
