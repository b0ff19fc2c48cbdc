import { createHash } from "node:crypto";
import { mkdir, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { OutboundFile } from "@hermes/core";
import { describe, expect, it } from "vitest";
import { KeptFiles } from "../../src/files/kept-files.ts";
import { temporaryHome } from "../temporary-home.ts";

const signal = new AbortController().signal;

function file(content: string, more: Partial<OutboundFile> = {}): OutboundFile {
  const bytes = Buffer.from(content);
  const open = async () => new Blob([bytes]).stream();
  return { kind: "file", name: "a.txt", mimeType: "text/plain", sizeBytes: bytes.length, open, ...more };
}

async function left(home: string): Promise<readonly string[]> {
  return await readdir(join(home, "gateway", "files"));
}

describe("Files of answers", () => {
  it("are kept by their content, once, for nobody else to read, and are there after a restart", async () => {
    const home = await temporaryHome();
    const files = new KeptFiles(home);
    const { key } = await files.keep(file("hello"), signal);
    expect(key).toBe(createHash("sha256").update("hello").digest("hex"));
    expect(await files.keep(file("hello", { name: "b.txt" }), signal)).toEqual({ key, sizeBytes: 5 });
    expect(await left(home)).toEqual([key]);
    expect((await stat(join(home, "gateway", "files", key))).mode & 0o777).toBe(0o600);
    expect(await new Response(await new KeptFiles(home).open(key)).text()).toBe("hello");
  });

  it("leave nothing where their bytes break off, are not as many as was said, or have no room", async () => {
    const home = await temporaryHome();
    const files = new KeptFiles(home, { maxTotalBytes: 10 });
    const breaking = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (controller.desiredSize === 1) controller.enqueue(new Uint8Array([1]));
        controller.error(new Error("the disk was taken away"));
      },
    });
    await expect(files.keep(file("abc", { open: async () => breaking }), signal)).rejects.toThrow("taken away");
    await expect(files.keep(file("abc", { sizeBytes: 2 }), signal)).rejects.toThrow("said to have 2 bytes, and has more");
    await expect(files.keep(file("abc", { sizeBytes: 4 }), signal)).rejects.toThrow("said to have 4 bytes, and has 3");
    await expect(files.keep(file("abc", { sizeBytes: Number.NaN }), signal)).rejects.toThrow("whole number of bytes");
    await expect(files.keep(file("twelve bytes"), signal)).rejects.toThrow("no room for 12 more bytes");
    await expect(files.keep(file("abc"), AbortSignal.abort(new Error("stopped")))).rejects.toThrow("stopped");
    expect(await left(home)).toEqual([]);
  });

  it("take their room once, however often the same bytes are kept", async () => {
    const files = new KeptFiles(await temporaryHome(), { maxTotalBytes: 10 });
    for (let time = 0; time < 5; time += 1) await files.keep(file("hello"), signal);
    await files.keep(file("world"), signal);
    await expect(files.keep(file("!"), signal)).rejects.toThrow("no room");
  });

  it("are kept again once their folder can be read again", async () => {
    const home = await temporaryHome();
    await mkdir(join(home, "gateway"));
    await writeFile(join(home, "gateway", "files"), "in the way");
    const files = new KeptFiles(home);
    await expect(files.keep(file("hello"), signal)).rejects.toThrow("EEXIST");
    await rm(join(home, "gateway", "files"));
    await mkdir(join(home, "gateway", "files"));
    await symlink("loop", join(home, "gateway", "files", "loop"));
    await expect(files.keep(file("hello"), signal)).rejects.toThrow("ELOOP");
    await rm(join(home, "gateway", "files", "loop"));
    expect(await files.keep(file("hello"), signal)).toMatchObject({ sizeBytes: 5 });
  });

  it("that give nothing more are let go when the turn ends, and leave nothing", async () => {
    const home = await temporaryHome();
    const files = new KeptFiles(home);
    const turn = new AbortController();
    const reading = Promise.withResolvers<void>();
    const letGo = Promise.withResolvers<unknown>();
    const stuck = new ReadableStream<Uint8Array>({
      pull: () => {
        reading.resolve();
        return new Promise(() => undefined);
      },
      cancel: (reason) => letGo.resolve(reason),
    });
    const kept = files.keep(file("abc", { open: async () => stuck }), turn.signal);
    await reading.promise;
    turn.abort(new Error("stopped"));
    await expect(kept).rejects.toThrow("stopped");
    await expect(letGo.promise).resolves.toMatchObject({ message: "stopped" });
    expect(await left(home)).toEqual([]);
  });

  it("are found by their keys alone, and never through a link", async () => {
    const home = await temporaryHome();
    const files = new KeptFiles(home);
    await files.keep(file("hello"), signal);
    const key = "a".repeat(64);
    await symlink("/etc/hostname", join(home, "gateway", "files", key));
    for (const name of ["../hermes.db", "", key.toUpperCase()]) await expect(files.open(name)).rejects.toThrow("not kept");
    await expect(files.open(key)).rejects.toThrow();
  });

  it("go once they were not used for long enough", async () => {
    const home = await temporaryHome();
    const files = new KeptFiles(home);
    const { key } = await files.keep(file("hello"), signal);
    expect(await files.sweep(Date.now() + 1000, 60_000)).toBe(0);
    expect(await files.sweep(Date.now() + 61_000, 60_000)).toBe(1);
    await expect(files.open(key)).rejects.toThrow("not kept");
  });
});
