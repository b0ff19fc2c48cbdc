import { closeSync, existsSync, openSync, readFileSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Database } from "better-sqlite3";
import { sqliteMigrationsFolder } from "../migrations-folder.ts";
import { storeError } from "./sqlite-error.ts";

interface Journal {
  readonly entries: readonly { readonly idx: number; readonly tag: string }[];
}

/**
 * Brings the database up to this program's shape, all or nothing; a database that already holds something is copied first, to
 * `<path>.before-<number>`.
 *
 * @throws StoreError of code `newer` where a newer program has been before.
 */
export async function migrate(database: Database, path: string): Promise<void> {
  const { entries } = JSON.parse(readFileSync(join(sqliteMigrationsFolder, "meta", "_journal.json"), "utf8")) as Journal;
  const applied = versionOf(database);
  if (applied > entries.length) throw storeError("newer", path);
  if (applied === entries.length) return;
  if (applied > 0) await keepCopy(database, `${path}.before-${entries.length}`);
  const apply = database.transaction(() => {
    // Another program may have been first: it is looked at again now that nobody else can write.
    if (versionOf(database) !== applied) return false;
    if (applied === 0 && holdsTables(database)) throw storeError("corrupt", path);
    for (const { tag } of entries.slice(applied)) {
      const text = readFileSync(join(sqliteMigrationsFolder, `${tag}.sql`), "utf8");
      for (const statement of text.split("--> statement-breakpoint")) database.exec(statement);
    }
    database.pragma(`user_version = ${entries.length}`);
    return true;
  });
  if (!apply.immediate()) await migrate(database, path);
}

function versionOf(database: Database): number {
  return Number(database.pragma("user_version", { simple: true }));
}

function holdsTables(database: Database): boolean {
  return database.prepare("SELECT 1 FROM sqlite_master LIMIT 1").get() !== undefined;
}

async function keepCopy(database: Database, copyPath: string): Promise<void> {
  // An earlier try got as far as the copy: that one is from before, this file may not be.
  if (existsSync(copyPath)) return;
  // Under its own name only once it is whole, and for its owner's eyes only.
  const unfinished = `${copyPath}.unfinished`;
  rmSync(unfinished, { force: true });
  closeSync(openSync(unfinished, "wx", 0o600));
  try {
    await database.backup(unfinished);
    renameSync(unfinished, copyPath);
  } catch (error) {
    // On a full disk half a copy would keep the room that is missing.
    rmSync(unfinished, { force: true });
    throw error;
  }
}
