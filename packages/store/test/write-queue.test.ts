import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { WriteQueue } from "../src/sqlite/write-queue.ts";

let folder: string;
let database: Sqlite.Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hermes-queue-"));
  database = new Sqlite(join(folder, "queue.db"));
  database.pragma("journal_mode = WAL");
  database.exec("CREATE TABLE seen (value INTEGER)");
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A queue whose disk answers when the test says so. */
function setUp() {
  const flushes: { readonly succeed: () => void; readonly fail: (error: Error) => void }[] = [];
  const queue = new WriteQueue(database, join(folder, "queue.db"), {
    durability: "power",
    checkFence: () => true,
    flushToDisk: () => new Promise((resolve, reject) => flushes.push({ succeed: resolve, fail: reject })),
  });
  const answered: number[] = [];
  const write = async (value: number): Promise<void> => {
    await queue.write(() => database.prepare("INSERT INTO seen VALUES (?)").run(value));
    answered.push(value);
  };
  return { queue, flushes, answered, write };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await setImmediate();
}

describe("Writes", () => {
  it("are answered in their order, one flush of the disk at a time", async () => {
    const { queue, flushes, answered, write } = setUp();
    const first = write(1);
    await turns(5);
    const others = [write(2), write(3)];
    await turns(5);
    expect(flushes).toHaveLength(1);
    flushes[0]?.succeed();
    await first;
    await turns(5);
    expect([answered, flushes.length]).toEqual([[1], 2]);
    flushes[1]?.succeed();
    await Promise.all(others);
    expect(answered).toEqual([1, 2, 3]);
    await queue.close();
  });

  it("end once the disk has not kept one: what it holds is known only after a restart", async () => {
    const { queue, flushes, write } = setUp();
    const refusal = expect.objectContaining({ code: "unavailable", message: expect.stringContaining("did not keep") });
    const lost = expect(write(1)).rejects.toEqual(refusal);
    await turns(5);
    const behind = expect(write(2)).rejects.toEqual(refusal);
    await turns(5);
    flushes[0]?.fail(new Error("EIO"));
    await Promise.all([lost, behind]);
    await expect(write(3)).rejects.toEqual(refusal);
    await queue.close();
  });

  it("end as well where the disk finds only while keeping them that it is full, and that is what is said", async () => {
    const { queue, flushes, write } = setUp();
    const refusal = expect.objectContaining({ code: "full", message: expect.stringContaining("it is full; make room") });
    const lost = expect(write(1)).rejects.toEqual(refusal);
    await turns(5);
    flushes[0]?.fail(Object.assign(new Error("no space left on device"), { code: "ENOSPC" }));
    await lost;
    expect(queue.lost.reason).toEqual(refusal);
    await queue.close();
  });

  it("are all answered before the queue is closed", async () => {
    const { queue, flushes, answered, write } = setUp();
    const written = [write(1), write(2)];
    const closed = queue.close();
    flushes[0]?.succeed();
    await closed;
    await Promise.all(written);
    expect(answered).toEqual([1, 2]);
  });
});
