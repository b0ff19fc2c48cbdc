import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { readPrivateFile, writePrivateFile } from "../private-file.ts";

/** Snapshots are kept of this many conversations; of those beyond that the oldest go. */
const maxSnapshots = 2000;
const prunedAtOnce = 500;
const maxSnapshotBytes = 32 * 1024;

/** What stood in the prompt when a conversation began, so that it stands there in the same bytes as long as it goes on. */
export interface Snapshots {
  /** The text by this name; where there is none yet, `take` says what it is from now on. */
  keep(name: string, take: () => Promise<string>): Promise<string>;
  drop(name: string): Promise<void>;
}

/**
 * Snapshots in files, so that a restart changes no prompt: read anew, the notes would be others by then, and everything the provider
 * has cached of the conversation would be of no use.
 */
export function createSnapshots(folder: string): Snapshots {
  const pathOf = (name: string): string => join(folder, `${name}.md`);
  return {
    async keep(name, take) {
      const kept = await readPrivateFile(pathOf(name), maxSnapshotBytes);
      if (kept !== undefined) return kept;
      const text = await take();
      await writePrivateFile(pathOf(name), text);
      await prune(folder);
      return text;
    },
    drop: (name) => rm(pathOf(name), { force: true }),
  };
}

async function prune(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= maxSnapshots) return;
  const files = await Promise.all(
    names.map(async (name) => ({ name, mtimeMs: (await stat(join(folder, name)).catch(() => undefined))?.mtimeMs ?? 0 })),
  );
  const oldest = files.toSorted((one, other) => one.mtimeMs - other.mtimeMs).slice(0, prunedAtOnce);
  await Promise.all(oldest.map(({ name }) => rm(join(folder, name), { force: true })));
}
