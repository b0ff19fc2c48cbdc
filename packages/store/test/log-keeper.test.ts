import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WriteQueue } from "../src/sqlite/write-queue.ts";

const megabyte = 1024 * 1024;

let folder: string;
let database: Sqlite.Database;
let queue: WriteQueue;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hermes-log-"));
  database = new Sqlite(join(folder, "log.db"));
  database.pragma("journal_mode = WAL");
  database.pragma("wal_autocheckpoint = 0");
  database.exec("CREATE TABLE bodies (id INTEGER PRIMARY KEY, body BLOB)");
  queue = new WriteQueue(database, join(folder, "log.db"), { durability: "process", checkFence: () => true });
});
afterEach(async () => {
  await queue.close();
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Writes a megabyte at a time, one after the other without a pause. */
async function write(megabytes: number): Promise<void> {
  const insert = database.prepare("INSERT INTO bodies (body) VALUES (?)");
  for (let count = 0; count < megabytes; count += 1) await queue.write(() => insert.run(Buffer.alloc(megabyte)));
}

function logBytes(): number {
  return statSync(join(folder, "log.db-wal")).size;
}

describe("A write-ahead log", () => {
  it("is written over from its beginning while writes go on without a pause", async () => {
    await write(200);
    expect(logBytes()).toBeLessThan(64 * megabyte);
    expect(database.prepare("SELECT count(*) FROM bodies").pluck().get()).toBe(200);
  });

  it("that somebody else reads grows and holds up no write, and is begun anew once they are done", async () => {
    const reader = new Sqlite(join(folder, "log.db"), { readonly: true });
    reader.exec("BEGIN");
    reader.prepare("SELECT count(*) FROM bodies").get();
    await write(80);
    expect(logBytes()).toBeGreaterThan(80 * megabyte);
    reader.close();
    // The reader's end is noticed by the next pass; from then on the file that is there is written over.
    await expect
      .poll(
        async () => {
          await write(1);
          const [state] = database.pragma("wal_checkpoint(NOOP)") as { readonly log: number }[];
          return state?.log;
        },
        { timeout: 8000 },
      )
      .toBeLessThan(80 * 256);
  });
});
