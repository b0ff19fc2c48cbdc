import { chmod, mkdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { makeHomeToken, readHomeToken, tokenPathOf } from "../../src/credentials/home-token.ts";
import { temporaryHome } from "../temporary-home.ts";

async function home(): Promise<string> {
  const directory = await temporaryHome();
  await mkdir(join(directory, "gateway"));
  return directory;
}

describe("a home's token", () => {
  it("is made once, long and at random, for its owner only", async () => {
    const directory = await home();
    expect(await readHomeToken(directory)).toBeUndefined();
    const token = await makeHomeToken(directory);
    expect(token).toMatch(/^[\w-]{43}$/u);
    expect((await stat(tokenPathOf(directory))).mode & 0o777).toBe(0o600);
    expect(await makeHomeToken(directory)).toBe(token);
    expect(await readHomeToken(directory)).toBe(token);
    expect(await makeHomeToken(await home())).not.toBe(token);
  });

  it("that others may read is closed again", async () => {
    const directory = await home();
    await makeHomeToken(directory);
    await chmod(tokenPathOf(directory), 0o644);
    await readHomeToken(directory);
    expect((await stat(tokenPathOf(directory))).mode & 0o777).toBe(0o600);
  });

  it("is not taken from a file that holds none, nor through a link", async () => {
    const directory = await home();
    await writeFile(tokenPathOf(directory), "short");
    await expect(makeHomeToken(directory)).rejects.toMatchObject({ exitCode: 78 });
    await rm(tokenPathOf(directory));
    await writeFile(join(directory, "elsewhere"), "x".repeat(43));
    await symlink(join(directory, "elsewhere"), tokenPathOf(directory));
    await expect(readHomeToken(directory)).rejects.toThrow();
  });
});
