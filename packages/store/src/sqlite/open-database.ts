import { chmodSync, closeSync, mkdirSync, openSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import type Sqlite from "better-sqlite3";
import { migrate } from "./migrate.ts";
import { storeError, toStoreError } from "./sqlite-error.ts";

/** Opens the file, makes it what this program needs, and answers the database. Files are made for their owner's eyes only. */
export async function openDatabase(path: string): Promise<Sqlite.Database> {
  let database: Sqlite.Database | undefined;
  try {
    prepareFile(path);
    database = new (loadDriver())(path, { timeout: 0 });
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    database.pragma("wal_autocheckpoint = 0");
    database.pragma("foreign_keys = OFF");
    database.pragma("temp_store = MEMORY");
    await migrate(database, path);
    return database;
  } catch (error) {
    database?.close();
    throw toStoreError(error, path);
  }
}

function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) throw storeError("corrupt", path);
  try {
    closeSync(openSync(path, "a", 0o600));
  } catch (error) {
    if (["EACCES", "EPERM", "EROFS"].includes((error as NodeJS.ErrnoException).code ?? "")) throw storeError("read-only", path);
    throw error;
  }
  if (existing === undefined) chmodSync(path, 0o600);
}

/** The native driver is loaded when a store is opened, not when this module is. */
function loadDriver(): typeof Sqlite {
  return createRequire(import.meta.url)("better-sqlite3") as typeof Sqlite;
}
