import { opendir } from "node:fs/promises";
import { join } from "node:path";
import { isSensitiveName } from "../sensitive-names.ts";

/** Folders that hold what nobody searches. */
const skipped: ReadonlySet<string> = new Set([".git", "node_modules", ".hg", ".svn", "__pycache__", ".venv"]);
const maxEntries = 100_000;
const deepest = 32;

/** Every regular file below a folder, by its path from there, nearer ones first. Links are not followed. */
export async function* walk(folder: string, denied: readonly string[], signal: AbortSignal): AsyncIterable<string> {
  let level = [""];
  let seen = 0;
  for (let depth = 0; depth < deepest && level.length > 0; depth += 1) {
    const next: string[] = [];
    for (const below of level) {
      for await (const entry of await openFolder(join(folder, below))) {
        signal.throwIfAborted();
        seen += 1;
        if (seen > maxEntries) return;
        if (isSensitiveName(entry.name, denied) || skipped.has(entry.name)) continue;
        const path = below === "" ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory()) next.push(path);
        else if (entry.isFile()) yield path;
      }
    }
    level = next;
  }
}

async function openFolder(path: string): Promise<AsyncIterable<{ name: string; isDirectory(): boolean; isFile(): boolean }>> {
  try {
    return await opendir(path);
  } catch {
    // A folder that may not be read, or is gone meanwhile, holds nothing that can be found.
    return (async function* () {})();
  }
}
