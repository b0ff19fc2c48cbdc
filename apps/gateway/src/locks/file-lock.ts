import { chmodSync, mkdirSync, statSync, type BigIntStats } from "node:fs";
import { dirname } from "node:path";
import Database from "better-sqlite3";

/** A lock of the operating system on one file: it ends with the process, however that ends. */
export interface FileLock {
  /** Grows with each holder of this file. */
  readonly fence: bigint;
  /** The file at the path is no longer the one that is locked: somebody else can lock the new one. */
  isLost(): boolean;
  release(): void;
}

const maxTries = 5;

/**
 * Tries once to lock a file, which is made if there is none; undefined when another process, or this one, holds it.
 *
 * SQLite does the locking: its locks are the operating system's on every system, and it takes care that closing one handle does not
 * end the locks of another. Nothing else may open these files: on POSIX closing any handle of the process to them ends the lock.
 *
 * @throws when the file cannot be made or used.
 */
export function tryFileLock(path: string): FileLock | undefined {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  for (let tries = 0; tries < maxTries; tries += 1) {
    const lock = lockOnce(path);
    if (lock === undefined || !lock.isLost()) return lock;
    // Somebody removed the file between opening and locking it.
    lock.release();
  }
  throw new Error(`The lock ${path} is removed again and again`);
}

function lockOnce(path: string): FileLock | undefined {
  const database = new Database(path, { timeout: 0 });
  try {
    chmodSync(path, 0o600);
    database.pragma("locking_mode = EXCLUSIVE");
    database.exec("BEGIN EXCLUSIVE");
    const fence = countUp(database);
    // In this mode the lock outlives the transaction: it ends with the handle.
    database.exec("COMMIT");
    const locked = statSync(path, { bigint: true });
    return { fence, isLost: () => !isSameFile(locked, path), release: () => void database.close() };
  } catch (error) {
    database.close();
    if (isBusy(error)) return undefined;
    throw error;
  }
}

function countUp(database: Database.Database): bigint {
  const [version] = database.pragma("user_version") as readonly { readonly user_version: number }[];
  const next = (version?.user_version ?? 0) + 1;
  database.pragma(`user_version = ${next}`);
  return BigInt(next);
}

function isSameFile(locked: BigIntStats, path: string): boolean {
  const now = statSync(path, { bigint: true, throwIfNoEntry: false });
  return now !== undefined && now.ino === locked.ino && now.dev === locked.dev;
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && "code" in error && String(error.code).startsWith("SQLITE_BUSY");
}
