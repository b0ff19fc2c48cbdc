import type { Store } from "@hermes/runtime";
import { openDatabase } from "./sqlite/open-database.ts";
import { SqliteStore } from "./sqlite/sqlite-store.ts";
import { watchStatements } from "./sqlite/watch-statements.ts";

/** Where the file is, and how much it has to survive. */
export interface SqliteStoreOptions {
  /** The database file; made with its folder if it is not there. */
  readonly path: string;
  /**
   * What a write survives once it is answered for. `power`: the machine losing power. `process`: the process ending in any way; a
   * little faster on slow disks. Default `power`.
   */
  readonly durability?: "power" | "process";
  /** How long a write waits for a file that another program holds before it is refused. Default 10 000. */
  readonly maxBusyMs?: number;
  /** Called before every statement: for measuring, and for tests that end the process between two of them. */
  readonly onStatement?: (text: string) => void;
}

/**
 * Opens a store in one SQLite file (write-ahead log, migrated after a copy was made).
 *
 * @throws StoreError naming the file and what to do: held by another program, read-only, damaged, or written by a newer version.
 */
export async function openSqliteStore({
  path,
  durability = "power",
  maxBusyMs,
  onStatement,
}: SqliteStoreOptions): Promise<Store> {
  const database = await openDatabase(path);
  if (onStatement !== undefined) watchStatements(database, onStatement);
  return new SqliteStore(database, path, { durability, ...(maxBusyMs === undefined ? {} : { maxBusyMs }) });
}
