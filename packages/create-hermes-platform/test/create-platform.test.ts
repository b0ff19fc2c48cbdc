import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createPlatform } from "create-hermes-platform";
import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { namesOf } from "../src/names.ts";

async function emptyFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "hermes-create-"));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe("A new platform package", () => {
  it("has its name wherever the template has Example", async () => {
    const { path, packageName, files } = await createPlatform({ name: "@acme/my-chat", parent: await emptyFolder() });
    expect(packageName).toBe("@acme/hermes-platform-my-chat");
    expect(files).toContain("src/my-chat.ts");
    expect(files).toContain(".gitignore");
    for (const file of files) {
      const text = await readFile(join(path, file), "utf8");
      expect(text.replaceAll(/example\.com/gu, ""), file).not.toMatch(/example/iu);
    }
    const adapter = await readFile(join(path, "src/my-chat.ts"), "utf8");
    expect(adapter).toContain("export function myChat({ token");
    expect(adapter).toContain('kind: "my-chat"');
    expect(await readFile(join(path, "src/manifest.ts"), "utf8")).toContain('"MY_CHAT_TOKEN"');
    expect(JSON.parse(await readFile(join(path, "package.json"), "utf8"))).toMatchObject({ name: packageName });
  });

  it("asks for the versions it is given", async () => {
    const { path } = await createPlatform({ name: "x", parent: await emptyFolder(), versions: { "@hermes/core": "^1.2.3" } });
    expect(JSON.parse(await readFile(join(path, "package.json"), "utf8"))).toMatchObject({
      peerDependencies: { "@hermes/core": "^1.2.3" },
      devDependencies: { "@hermes/core": "^1.2.3" },
    });
  });

  it("is written over nothing", async () => {
    const parent = await emptyFolder();
    await mkdir(join(parent, "hermes-platform-x"));
    await writeFile(join(parent, "hermes-platform-x", "notes.txt"), "mine");
    await expect(createPlatform({ name: "x", parent })).rejects.toThrow("is not empty: there is notes.txt in it");
  });

  it("is a function that can be written, whatever its name", () => {
    expect(namesOf("new").factory).toBe("newChat");
  });

  it("cannot be called what is no name, or lies elsewhere", () => {
    for (const name of ["", "My Chat", "-x", "x-", "a--b", "../x", "@acme/", "x".repeat(41), "1st", "@acme/x/y"])
      expect(() => namesOf(name)).toThrow("Expected a name of lower-case letters");
    fc.assert(
      fc.property(fc.string(), (name) => {
        try {
          expect(namesOf(name).kind).toMatch(/^[a-z][a-z0-9-]{0,39}$/u);
        } catch (error) {
          expect(error).toBeInstanceOf(TypeError);
        }
      }),
    );
  });
});
