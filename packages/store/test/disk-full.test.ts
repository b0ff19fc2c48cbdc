import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text, type Logger } from "@hermes/core";
import { createGateway, type Store } from "@hermes/runtime";
import { createFakeClock, createScriptedPlatform, settle } from "@hermes/runtime/testing";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, expect, it } from "vitest";
import { migrate } from "../src/sqlite/migrate.ts";
import { openDatabase } from "../src/sqlite/open-database.ts";
import { toStoreError } from "../src/sqlite/sqlite-error.ts";
import { SqliteStore } from "../src/sqlite/sqlite-store.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hermes-full-"));
  path = join(folder, "hermes.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A store whose disk is as small as the test says: SQLite fails the same way when its own limit is reached. */
async function smallStore(): Promise<{ readonly store: Store; readonly limit: (pages: number) => void }> {
  const database = await openDatabase(path);
  const limit = (pages: number): void => void database.pragma(`max_page_count = ${pages}`);
  return { store: new SqliteStore(database, path, { durability: "process" }), limit };
}

it("A gateway on a full disk acknowledges nothing it cannot keep, says so once, and answers everything once there is room", async () => {
  const { store, limit } = await smallStore();
  const clock = createFakeClock();
  const chat = createScriptedPlatform({ style: "edit" });
  const log: string[] = [];
  const note = (message: string): void => void log.push(message);
  const logger: Logger = { debug: () => undefined, info: () => undefined, warn: note, error: note };
  const gateway = createGateway({
    platforms: [chat.platform],
    access: { allowAll: true },
    agent: async function* (turn) {
      yield text(`echo: ${turn.input[0].text}`);
    },
    store,
    clock,
    logger,
  });
  await gateway.start();
  await settle();
  limit(1);
  const body = "x".repeat(60);
  const accepted: string[] = [];
  const refused: string[] = [];
  for (let index = 0; refused.length < 5 && index < 500; index += 1) {
    const words = `${index} ${body}`;
    const offer = chat.says(words, { eventId: `e${index}`, type: "group", userId: String(index % 5) });
    const answer = await offer.catch((error: unknown) => error);
    (answer === "stored" ? accepted : refused).push(words);
    await clock.advance(100);
  }
  expect(accepted.length).toBeGreaterThan(0);
  expect(refused.length).toBeGreaterThan(0);
  expect(gateway.status()).toMatchObject({ storeWritable: false, storeRefusal: "the disk is full" });
  await clock.advance(20_000);
  expect(log).toEqual([expect.stringContaining("the disk is full")]);
  limit(1_000_000);
  await clock.advance(60_000);
  for (const [index, words] of refused.entries()) {
    expect(await chat.says(words, { eventId: `again${index}`, type: "group", userId: String(index % 5) })).toBe("stored");
    await clock.advance(100);
  }
  await clock.advance(60_000);
  await gateway.idle();
  expect(chat.texts().toSorted()).toEqual([...accepted, ...refused].map((words) => `echo: ${words}`).toSorted());
  expect(gateway.status().storeWritable).toBe(true);
  expect(log).toHaveLength(1);
  await gateway.stop();
});

it("A copy that does not fit is not left behind, and the database stays as it was", async () => {
  const store = new SqliteStore(await openDatabase(path), path, { durability: "process" });
  await store.open();
  await store.close();
  const database = new Sqlite(path);
  database.exec("DROP TABLE entries_search; DELETE FROM meta");
  database.pragma("user_version = 1");
  const full = Object.assign(new Error("database or disk is full"), { code: "SQLITE_FULL" });
  database.backup = () => Promise.reject(full);
  await expect(migrate(database, path)).rejects.toBe(full);
  expect(existsSync(`${path}.before-2.unfinished`)).toBe(false);
  expect(database.pragma("user_version", { simple: true })).toBe(1);
  database.close();
});

it.each(["ENOSPC", "EDQUOT", "SQLITE_FULL", "SQLITE_IOERR_WRITE", "SQLITE_IOERR_SHMSIZE"])(
  "%s is a disk without room",
  (code) => {
    const error = toStoreError(Object.assign(new Error("disk I/O error"), { code }), path);
    expect([error.code, error.message]).toEqual(["full", expect.stringContaining("make room")]);
  },
);

it("A fault while reading is no full disk, as long as the disk has room", () => {
  const error = toStoreError(Object.assign(new Error("disk I/O error"), { code: "SQLITE_IOERR_READ" }), path);
  expect([error.code, error.message]).toEqual(["unavailable", expect.stringContaining("disk I/O error")]);
});
