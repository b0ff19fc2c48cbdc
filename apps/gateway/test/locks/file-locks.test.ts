import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, readdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { systemClock, type Clock } from "@hermes/core";
import type { Lease } from "@hermes/runtime";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFileLocks } from "../../src/locks/file-locks.ts";
import { temporaryHome } from "../temporary-home.ts";

const program = fileURLToPath(new URL("holder.ts", import.meta.url));
const unaborted = new AbortController().signal;

interface Holder {
  readonly process: ChildProcess;
  readonly said: string;
}

async function startHolder(directory: string, name: string, home = "/home/of/holder"): Promise<Holder> {
  const child = spawn(process.execPath, ["--conditions=@hermes/source", program, directory, name, home], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [line] = (await once(createInterface(child.stdout), "line")) as [string];
  return { process: child, said: line };
}

async function ended(holder: Holder): Promise<void> {
  if (holder.process.exitCode === null && holder.process.signalCode === null) await once(holder.process, "exit");
}

function locksIn(directory: string, clock: Clock = systemClock): ReturnType<typeof createFileLocks> {
  return createFileLocks({ directory, clock, holder: { pid: process.pid, home: "/home/of/test", what: "gateway" } });
}

async function acquired(directory: string, name: string, clock?: Clock): Promise<Lease> {
  const result = await locksIn(directory, clock).acquire(name, "", unaborted);
  if ("heldBy" in result) throw new Error(`Held by ${result.heldBy}`);
  onTestFinished(() => result.release());
  return result;
}

describe("a lock", () => {
  it("is held by one process only, and the loser is told who that is", async () => {
    const directory = await temporaryHome();
    const holder = await startHolder(directory, "telegram-123456");
    expect(holder.said).toBe("held: 1");
    const result = await locksIn(directory).acquire("telegram-123456", "", unaborted);
    expect(result).toEqual({
      heldBy: expect.stringMatching(
        new RegExp(`^gateway with pid ${holder.process.pid} for /home/of/holder, since \\d{4}-`, "u"),
      ) as unknown,
    });
    expect((await startHolder(directory, "telegram-123456")).said).toMatch(/^lost: gateway with pid/u);
  });

  it("ends with a holder that is killed, at once", async () => {
    const directory = await temporaryHome();
    const holder = await startHolder(directory, "telegram-1");
    holder.process.kill("SIGKILL");
    await ended(holder);
    expect((await acquired(directory, "telegram-1")).fence).toBe(2n);
  });

  it("is had also where there is no room for its note, and then names nobody rather than an earlier holder", async () => {
    const directory = await temporaryHome();
    await writeFile(join(directory, "telegram-1.json"), '{"pid":1,"home":"/home/of/another","since":"2026","what":"gateway"}');
    // What stands where the note is to be written stops it as a full disk would.
    await mkdir(join(directory, `telegram-1.json.${process.pid}`));
    await acquired(directory, "telegram-1");
    expect((await startHolder(directory, "telegram-1")).said).toBe("lost: another process");
  });

  it("ends with a holder that releases it, and takes its note along", async () => {
    const directory = await temporaryHome();
    const holder = await startHolder(directory, "telegram-1");
    holder.process.stdin?.end();
    await ended(holder);
    expect(holder.process.exitCode).toBe(0);
    expect(await readdir(directory)).toEqual(["telegram-1.db"]);
    await acquired(directory, "telegram-1");
  });

  it("is won by exactly one of many that try at the same moment", async () => {
    const directory = await temporaryHome();
    const holders = await Promise.all(Array.from({ length: 5 }, () => startHolder(directory, "race")));
    expect(holders.filter(({ said }) => said.startsWith("held"))).toHaveLength(1);
  });

  it("is not given twice inside one process", async () => {
    const directory = await temporaryHome();
    const first = await acquired(directory, "a");
    expect(await locksIn(directory).acquire("a", "", unaborted)).toHaveProperty("heldBy");
    await first.release();
    await first.release();
    expect((await acquired(directory, "a")).fence).toBeGreaterThan(first.fence);
  });

  it("of another name is another lock, whatever characters the names have", async () => {
    const directory = await temporaryHome();
    for (const name of ["a", "b", "../a", "a/b", "A", ""]) await acquired(directory, name);
    for (const file of await readdir(directory)) expect(file).toMatch(/^[a-z0-9._-]*\.(?:db|db-journal|json)$/u);
  });

  it("is a file for its owner only, in a directory for its owner only", async () => {
    const directory = join(await temporaryHome(), "deep", "locks");
    await acquired(directory, "a");
    for (const [path, mode] of [
      [directory, 0o700],
      [join(directory, "a.db"), 0o600],
      [join(directory, "a.json"), 0o600],
    ] as const) {
      expect((await stat(path)).mode & 0o777).toBe(mode);
    }
  });

  it("whose file is removed is lost, and its holder learns it", async () => {
    let wake = (): void => undefined;
    const clock: Clock = {
      now: () => 0,
      wakeAt(_atMs, callback) {
        wake = callback;
        return () => undefined;
      },
    };
    const directory = await temporaryHome();
    const lease = await acquired(directory, "a", clock);
    wake();
    expect(lease.lost.aborted).toBe(false);
    await rm(join(directory, "a.db"));
    const successor = await acquired(directory, "a");
    wake();
    expect(lease.lost.aborted).toBe(true);
    await lease.release();
    expect(await readdir(directory)).toContain("a.json");
    await successor.release();
  });

  it("that cannot be made is an error with the remedy", async () => {
    const directory = await temporaryHome();
    await writeFile(join(directory, "a.db"), "this is no database, but long enough to look at");
    await expect(locksIn(directory).acquire("a", "", unaborted)).rejects.toThrow(
      /The lock .*a\.db cannot be used: .*may be removed while no gateway runs/u,
    );
    await chmod(directory, 0o700);
    await expect(locksIn("/dev/null/locks").acquire("a", "", unaborted)).rejects.toThrow(/Make its directory writable/u);
  });

  it("is not tried for somebody who has given up", async () => {
    await expect(locksIn(await temporaryHome()).acquire("a", "", AbortSignal.abort())).rejects.toThrow();
  });
});
