import { chmod, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** Entries that are kept. */
export const maxHistoryEntries = 500;
/** A longer message is not worth going back to. */
const maxEntryLength = 4000;

/** Where it is kept what was entered in `hermes chat`. */
export function historyPathOf(home: string): string {
  return join(home, "gateway", "chat-history");
}

/** What was entered before, oldest first: one line each, as JSON where it has line ends. Nothing where nothing can be read. */
export async function readHistory(path: string): Promise<readonly string[]> {
  const text = await readFile(path, "utf8").catch(() => "");
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.slice(-maxHistoryEntries).map(decodeLine);
}

/** Keeps one more, for its owner only. Another chat may have added its own meanwhile. */
export async function addToHistory(path: string, entry: string): Promise<void> {
  if (entry.length > maxEntryLength) return;
  const entries = await readHistory(path);
  if (entries.at(-1) === entry) return;
  const kept = [...entries, entry].slice(-maxHistoryEntries);
  const fresh = `${path}.${process.pid}`;
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(fresh, kept.map((each) => `${encodeLine(each)}\n`).join(""), { mode: 0o600 });
    await chmod(fresh, 0o600);
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

function encodeLine(entry: string): string {
  return /^"|[\n\r]/u.test(entry) ? JSON.stringify(entry) : entry;
}

function decodeLine(line: string): string {
  if (!line.startsWith('"')) return line;
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "string" ? value : line;
  } catch {
    // Somebody edited the file: the line is what it says.
    return line;
  }
}
