import { lstatSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What a folder takes, each file counted once however many names it has. */
export interface FolderSize {
  /** The files' lengths. */
  readonly apparentBytes: number;
  /** What the disk sets aside for them, folders included, as du counts. */
  readonly diskBytes: number;
  readonly files: number;
}

/** Links are counted, not followed. */
export function folderSize(folder: string, seen: Set<number> = new Set()): FolderSize {
  const own = lstatSync(folder);
  let apparentBytes = 0;
  let diskBytes = own.blocks * 512;
  let files = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const inner = folderSize(path, seen);
      apparentBytes += inner.apparentBytes;
      diskBytes += inner.diskBytes;
      files += inner.files;
      continue;
    }
    const { ino, size, blocks } = lstatSync(path);
    if (seen.has(ino)) continue;
    seen.add(ino);
    apparentBytes += size;
    diskBytes += blocks * 512;
    files += 1;
  }
  return { apparentBytes, diskBytes, files };
}
