import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** What a database takes on the disk, its log included. */
export function fileBytes(path: string): number {
  return [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
}

/** What of it holds something; the rest is room that is used again. */
export function usedBytes(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const pragma = (name: string): number => Number(Object.values(database.prepare(`PRAGMA ${name}`).get() ?? {})[0]);
  const used = (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  database.close();
  return used;
}
