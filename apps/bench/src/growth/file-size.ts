import { statSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";

/** What a database takes on the disk. */
export interface FileSize {
  /** With its log. */
  readonly fileBytes: number;
  /** What of it holds history: what was said and the index to search it. */
  readonly historyBytes: number;
  /** What of it holds anything else; the rest is room that is used again. */
  readonly otherBytes: number;
}

/** Looks at a database's file. */
export function fileSize(path: string): FileSize {
  const fileBytes = [path, `${path}-wal`].reduce((sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0), 0);
  const database = new DatabaseSync(path, { readOnly: true });
  const sizes = database.prepare("SELECT name, pgsize AS bytes FROM dbstat WHERE aggregate = TRUE").all();
  database.close();
  let [historyBytes, otherBytes] = [0, 0];
  for (const { name, bytes } of sizes) {
    if (String(name).startsWith("entries")) historyBytes += Number(bytes);
    else otherBytes += Number(bytes);
  }
  return { fileBytes, historyBytes, otherBytes };
}
