import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import Sqlite from "better-sqlite3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openSqliteStore } from "@hermes/store/sqlite";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "hermes-store-"));
  path = join(folder, "hermes.db");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function create(): Promise<void> {
  const store = await openSqliteStore({ path });
  await store.open();
  await store.writeMemory({ platform: "p", key: "k", value: "kept" });
  await store.close();
}

function refusal(code: string, why: RegExp) {
  return expect.objectContaining({ name: "StoreError", code, message: expect.stringMatching(why) });
}

const nobody = 65534;

const cwd = fileURLToPath(new URL("..", import.meta.url));
const ordinaryUser = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

/** A checkout in a folder of root's own cannot be entered by anybody else. */
function canRunAsOrdinaryUser(): boolean {
  try {
    execFileSync(process.execPath, ["-e", "require('node:fs').readFileSync('package.json')"], {
      cwd,
      stdio: "ignore",
      ...ordinaryUser,
    });
    return true;
  } catch {
    return false;
  }
}

/** What somebody without special rights is told who opens `databasePath`. */
function asOrdinaryUser(databasePath: string): string {
  const program = `
    import { openSqliteStore } from "@hermes/store/sqlite";
    try {
      await (await openSqliteStore({ path: ${JSON.stringify(databasePath)} })).open();
      process.stdout.write("opened");
    } catch (error) {
      process.stdout.write(error.code + " " + error.message);
    }
  `;
  const parameters = ["--conditions=@hermes/source", "--input-type=module", "-e", program];
  return execFileSync(process.execPath, parameters, {
    cwd,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
    ...ordinaryUser,
  });
}

describe("A database that cannot be used is refused with what to do:", () => {
  it("a file that is no database", async () => {
    writeFileSync(path, "These are somebody's notes, and they are long enough not to be taken for an empty file.\n".repeat(100));
    const before = readFileSync(path);
    await expect(openSqliteStore({ path })).rejects.toEqual(
      refusal("corrupt", /hermes\.db cannot be used: it is not an SQLite database/u),
    );
    expect(readFileSync(path)).toEqual(before);
  });

  it("a database of another program", async () => {
    const other = new Sqlite(path);
    other.exec("CREATE TABLE sessions (id TEXT)");
    other.close();
    await expect(openSqliteStore({ path })).rejects.toEqual(refusal("corrupt", /move it away/u));
  });

  it("a database that is damaged", async () => {
    await create();
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.fill(0x5a, 0, 4096));
    await expect(openSqliteStore({ path })).rejects.toEqual(refusal("corrupt", /restore a copy/u));
  });

  it("a folder", async () => {
    await expect(openSqliteStore({ path: folder })).rejects.toEqual(refusal("corrupt", /not an SQLite database/u));
  });

  it("a database of a newer version, which stays as it is", async () => {
    await create();
    const newer = new Sqlite(path);
    newer.pragma("user_version = 99");
    newer.close();
    await expect(openSqliteStore({ path })).rejects.toEqual(refusal("newer", /install that version/u));
    const untouched = new Sqlite(path);
    expect(untouched.pragma("user_version", { simple: true })).toBe(99);
    untouched.close();
  });

  it("a database that another program holds", async () => {
    await create();
    const other = new Sqlite(path);
    other.pragma("locking_mode = EXCLUSIVE");
    other.exec("BEGIN EXCLUSIVE");
    await expect(openSqliteStore({ path })).rejects.toEqual(refusal("busy", /another program holds it/u));
    other.close();
  });

  it.skipIf(!canRunAsOrdinaryUser())("a file and a place that cannot be written", async () => {
    await create();
    chmodSync(path, 0o444);
    chmodSync(folder, 0o555);
    expect(asOrdinaryUser(path)).toMatch(
      /^read-only The database \S+hermes\.db cannot be used: .*give this user the right to write there$/u,
    );
    expect(asOrdinaryUser(join(folder, "new.db"))).toMatch(/^read-only /u);
    chmodSync(folder, 0o755);
  });
});

describe("A store in a file", () => {
  it("is made with its folder, for its owner's eyes only", async () => {
    path = join(folder, "deep/er/hermes.db");
    await create();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep/er")).mode & 0o777).toBe(0o700);
  });

  it("holds what it answered for when it is opened again", async () => {
    await create();
    const store = await openSqliteStore({ path });
    await store.open();
    expect(await store.readMemory("p", "k", 0)).toBe("kept");
    await store.close();
  });

  it("is copied before it is migrated, and only then", async () => {
    // As the version before the search index left it.
    const older = new Sqlite(path);
    older.exec(readFileSync(join(cwd, "migrations/sqlite/0000_start.sql"), "utf8"));
    older.exec("INSERT INTO memory (platform, key, value) VALUES ('p', 'k', '\"kept\"')");
    older.pragma("user_version = 1");
    older.close();
    const store = await openSqliteStore({ path });
    await store.open();
    expect(await store.readMemory("p", "k", 0)).toBe("kept");
    expect(await store.search({ text: "anything", limit: 1 })).toEqual([]);
    await store.close();
    const [kept, ...others] = readdirSync(folder).filter((name) => name.includes(".before-"));
    expect(others).toEqual([]);
    expect(statSync(join(folder, kept ?? "")).mode & 0o777).toBe(0o600);
    copyFileSync(join(folder, kept ?? ""), join(folder, "copy.db"));
    const copy = new Sqlite(join(folder, "copy.db"));
    expect(copy.pragma("user_version", { simple: true })).toBe(1);
    copy.close();
  });

  it("waits for a program that holds the file for a moment, without stopping the event loop", async () => {
    const store = await openSqliteStore({ path });
    await store.open();
    const other = new Sqlite(path);
    other.exec("BEGIN IMMEDIATE");
    let isWritten = false;
    const written = store.writeMemory({ platform: "p", key: "k", value: 1 }).then(() => (isWritten = true));
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isWritten).toBe(false);
    other.exec("COMMIT");
    other.close();
    await written;
    expect(await store.readMemory("p", "k", 0)).toBe(1);
    await store.close();
  });

  it("is taken over once a program that holds it for a moment lets go", async () => {
    const store = await openSqliteStore({ path });
    const other = new Sqlite(path);
    other.exec("BEGIN IMMEDIATE");
    const opened = store.open();
    for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    other.exec("COMMIT");
    other.close();
    expect(await opened).toEqual({ lastSeq: 0 });
    await store.close();
  });

  it("refuses writes that cannot be kept, and takes the next when it can again", async () => {
    const store = await openSqliteStore({ path });
    await store.open();
    const cyclic: unknown[] = [];
    cyclic.push(cyclic);
    const bad = store.writeMemory({ platform: "p", key: "bad", value: cyclic as never });
    const good = store.writeMemory({ platform: "p", key: "good", value: 1 });
    await expect(bad).rejects.toMatchObject({ name: "StoreError" });
    await good;
    expect(await store.readMemory("p", "good", 0)).toBe(1);
    expect(await store.readMemory("p", "bad", 0)).toBeUndefined();
    await store.close();
  });
});
