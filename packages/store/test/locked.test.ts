import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openSqliteStore } from "@hermes/store/sqlite";
import Sqlite from "better-sqlite3";
import { expect, it, onTestFinished } from "vitest";

it("A write that another program keeps waiting too long is refused as busy, and all are taken as soon as it lets go", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hermes-locked-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "hermes.db");
  const store = await openSqliteStore({ path, maxBusyMs: 100 });
  await store.open();
  const other = new Sqlite(path);
  other.exec("BEGIN EXCLUSIVE");
  const write = (key: string): Promise<void> => store.writeMemory({ platform: "p", key, value: key });
  const refusal = { name: "StoreError", code: "busy", message: expect.stringContaining("another program holds it") };
  const refused = await Promise.allSettled([write("a"), write("b")]);
  expect(refused).toEqual([
    { status: "rejected", reason: expect.objectContaining(refusal) },
    { status: "rejected", reason: expect.objectContaining(refusal) },
  ]);
  // What is asked for while others wait waits with them, and is not refused before its time.
  const patient = Promise.all([write("c"), write("d")]);
  other.exec("ROLLBACK");
  other.close();
  await patient;
  expect(await Promise.all(["a", "b", "c", "d"].map((key) => store.readMemory("p", key, 0)))).toEqual([
    undefined,
    undefined,
    "c",
    "d",
  ]);
  await store.close();
});
