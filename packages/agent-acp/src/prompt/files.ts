import { createHash, randomBytes } from "node:crypto";
import { mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";

/** What is kept for one conversation; of more the oldest goes. */
const mostFiles = 50;
const mostBytes = 200 * 1024 * 1024;
/** Conversations that files are kept for. */
const mostFolders = 200;

/** Files that people sent, in a folder for each conversation, readable by this user alone, so that an agent can open them. */
export class ReceivedFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a conversation's files lie. */
  folderOf(sessionId: string): string {
    return join(this.#folder, createHash("sha256").update(sessionId).digest("hex").slice(0, 32));
  }

  /** Keeps a file, and makes room for it. `name` is a hint: what could lead elsewhere is taken out of it. */
  async keep(sessionId: string, name: string, bytes: Uint8Array): Promise<string> {
    const folder = this.folderOf(sessionId);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${randomBytes(6).toString("hex")}-${safeName(name)}`);
    const file = await open(path, "wx", 0o600);
    try {
      await file.writeFile(bytes);
    } finally {
      await file.close();
    }
    await dropOldest(folder, mostFiles, mostBytes);
    await dropOldest(this.#folder, mostFolders, Number.POSITIVE_INFINITY);
    return path;
  }

  /** The conversation is over. */
  async forget(sessionId: string): Promise<void> {
    await rm(this.folderOf(sessionId), { recursive: true, force: true });
  }
}

function safeName(name: string): string {
  const plain = name.normalize("NFC").replaceAll(/[^\p{L}\p{N}._ -]/gu, "_");
  const short = plain.slice(-80).replace(/^[. ]+/u, "");
  return short === "" ? "file" : short;
}

async function dropOldest(folder: string, most: number, mostBytes: number): Promise<void> {
  const entries = await Promise.all(
    (await readdir(folder)).map(async (name) => {
      const path = join(folder, name);
      const { mtimeMs, size } = await stat(path);
      return { path, mtimeMs, size };
    }),
  );
  entries.sort((one, other) => other.mtimeMs - one.mtimeMs);
  let bytes = 0;
  // The newest is always kept: it is the one that was sent just now.
  const dropped = entries
    .filter(({ size }, index) => (bytes += size) > mostBytes || index >= most)
    .filter((entry) => entry !== entries[0]);
  for (const { path } of dropped) await rm(path, { recursive: true, force: true });
}
