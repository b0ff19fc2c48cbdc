import { accessSync, closeSync, constants, mkdirSync, openSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { setTimeout } from "node:timers/promises";
import type Sqlite from "better-sqlite3";
import { migrate } from "./migrate.ts";
import { storeError, toStoreError } from "./sqlite-error.ts";

/** How long a file that another program holds for a moment is waited for. */
const maxBusyMs = 2000;
const busyRetryMs = 50;
const maxRestingLogBytes = 64 * 1024 * 1024;

/** Opens the file, makes it what this program needs, and answers the database. Files are made for their owner's eyes only. */
export function openDatabase(path: string): Promise<Sqlite.Database> {
  return whileBusy(path, () => tryToOpen(path));
}

/** Tries again for a moment while another program holds the file. Throws `StoreError`s only. */
export async function whileBusy<T>(path: string, run: () => T | Promise<T>): Promise<T> {
  const untilMs = performance.now() + maxBusyMs;
  for (;;) {
    try {
      return await run();
    } catch (error) {
      const reason = toStoreError(error, path);
      if (reason.code !== "busy" || performance.now() > untilMs) throw reason;
      await setTimeout(busyRetryMs);
    }
  }
}

async function tryToOpen(path: string): Promise<Sqlite.Database> {
  prepareFile(path);
  const database = new (loadDriver())(path, { timeout: 0 });
  try {
    database.pragma("journal_mode = WAL");
    database.pragma("synchronous = NORMAL");
    database.pragma("wal_autocheckpoint = 0");
    // What the log took at its longest is not kept from others for ever.
    database.pragma(`journal_size_limit = ${maxRestingLogBytes}`);
    database.pragma("temp_store = MEMORY");
    await migrate(database, path);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const existing = statSync(path, { throwIfNoEntry: false });
  if (existing !== undefined && !existing.isFile()) throw storeError("corrupt", path);
  // One that is there is not opened here: closing it again would release the locks of whoever has it open in this process.
  if (existing === undefined) closeSync(openSync(path, "a", 0o600));
  else accessSync(path, constants.R_OK | constants.W_OK);
}

/** The native driver is loaded when a store is opened, not when this module is. */
function loadDriver(): typeof Sqlite {
  return createRequire(import.meta.url)("better-sqlite3") as typeof Sqlite;
}
