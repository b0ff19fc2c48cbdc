import { open, rename, rm } from "node:fs/promises";
import { diskIsFull, isDiskFull } from "../disk-full.ts";

/**
 * Puts a file of this text in another's place, for its owner only. It has its name only once it is whole: what is left of a full disk or a
 * power cut is never taken for it.
 */
export async function replaceFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.unfinished`;
  try {
    await rm(unfinished, { force: true });
    await writeWhole(unfinished, text);
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw isDiskFull(error) ? diskIsFull(path, error) : error;
  }
}

async function writeWhole(path: string, text: string): Promise<void> {
  const file = await open(path, "wx", 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
