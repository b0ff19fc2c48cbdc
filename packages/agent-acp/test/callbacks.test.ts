import { link, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OutputTail } from "../src/callbacks/output-tail.ts";
import { Roots } from "../src/callbacks/roots.ts";
import { readTextFile, writeTextFile } from "../src/callbacks/text-files.ts";
import { Conversation, isRunning, startExample, startMisbehaving, stopper, temporaryFolder, textOf, until } from "./turns.ts";

/** A root with a file, and a secret beside it. */
async function place() {
  const folder = await temporaryFolder();
  const root = join(folder, "project");
  await mkdir(root);
  await writeFile(join(root, "notes.md"), "one\ntwo\nthree\n");
  await writeFile(join(folder, "secret"), "secret");
  return { folder, root, roots: new Roots([root]) };
}

describe("Files that an agent is given", () => {
  it("are read and written inside the roots", async () => {
    const { agent, folder } = await startExample({ fileSystem: "write" });
    const path = join(folder, "deep/er/notes.md");
    const conversation = new Conversation(agent);
    expect(await conversation.answerTo(`write ${path} some words`)).toBe("written");
    expect(await conversation.answerTo(`read ${path}`)).toBe("some words");
    expect(await readFile(path, "utf8")).toBe("some words");
  });

  it("are not offered where the configuration does not say so", async () => {
    const [none, read] = [await startExample(), await startExample({ fileSystem: "read" })];
    expect(await new Conversation(none.agent).answerTo("read /etc/hostname")).toMatch(/^refused: .*not found/iu);
    expect(await new Conversation(read.agent).answerTo(`write ${join(read.folder, "a")} b`)).toMatch(/^refused: .*not found/iu);
  });

  it("are those of a live session only", async () => {
    const detail = 'fs/read_text_file {"sessionId":"session-999","path":"/etc/hostname"}';
    const { agent } = await startMisbehaving(["calls-back", detail], { fileSystem: "read", roots: ["/etc"] });
    expect(await new Conversation(agent).answerTo("hello")).toBe("-32002\n");
  });

  it("are read by lines, counted from one", async () => {
    const { root, roots } = await place();
    const path = join(root, "notes.md");
    expect(await readTextFile(path, { line: 2, limit: 1 }, roots)).toBe("two");
    expect(await readTextFile(path, { line: 3 }, roots)).toBe("three\n");
    expect(await readTextFile(path, { limit: 0 }, roots)).toBe("");
    expect(await readTextFile(path, { line: 900, limit: -4 }, roots)).toBe("");
  });

  it.each([
    ["by going up", (root: string) => join(root, "..", "secret").replace("/secret", "/project/../secret")],
    ["by a relative path", () => "notes.md"],
    ["by a link", (root: string) => join(root, "link")],
    ["by a linked folder", (root: string) => join(root, "out", "secret")],
    ["by a NUL", (root: string) => `${root}/notes.md\0`],
    ["to a folder", (root: string) => root],
    ["beside a root of the same beginning", (root: string) => `${root}-other/secret`],
  ])("lead nowhere else %s", async (_how, pathOf) => {
    const { folder, root, roots } = await place();
    await symlink(join(folder, "secret"), join(root, "link"));
    await symlink(folder, join(root, "out"));
    await mkdir(`${root}-other`);
    await writeFile(`${root}-other/secret`, "secret");
    await expect(readTextFile(pathOf(root), {}, roots)).rejects.toThrow(/in reach|Expected an absolute path/u);
    await expect(writeTextFile(pathOf(root), "mine", roots)).rejects.toThrow(/in reach|Expected an absolute path|It is no file/u);
    expect(await readFile(join(folder, "secret"), "utf8")).toBe("secret");
    expect(await readFile(`${root}-other/secret`, "utf8")).toBe("secret");
  });

  it("are not made through a link that leads nowhere yet", async () => {
    const { folder, root, roots } = await place();
    await symlink(join(folder, "new"), join(root, "link"));
    await symlink(join(folder, "new-folder"), join(root, "folder"));
    await expect(writeTextFile(join(root, "link"), "mine", roots)).rejects.toThrow(/in reach/u);
    await expect(writeTextFile(join(root, "folder/file"), "mine", roots)).rejects.toThrow(/in reach/u);
    expect((await readdir(folder)).sort()).toEqual(["project", "secret"]);
  });

  it("may be reached by links inside the roots", async () => {
    const { root, roots } = await place();
    await symlink(join(root, "notes.md"), join(root, "link"));
    await writeTextFile(join(root, "link"), "changed", roots);
    expect(await readFile(join(root, "notes.md"), "utf8")).toBe("changed");
    expect(await readTextFile(join(root, "link"), {}, roots)).toBe("changed");
  });

  it("are not another's that was put in their place while they were opened", async () => {
    const { folder, root, roots } = await place();
    const path = join(root, "notes.md");
    const file = await roots.openForReading(path);
    try {
      await rename(path, join(root, "old"));
      await link(join(folder, "secret"), path);
      expect(await roots.isAt(file, path)).toBe(false);
    } finally {
      await file.close();
    }
  });

  it("keep their mode, and leave no draft behind", async () => {
    const { root, roots } = await place();
    const path = join(root, "script");
    await writeFile(path, "old", { mode: 0o750 });
    await writeTextFile(path, "new", roots);
    expect((await stat(path)).mode & 0o777).toBe(0o750);
    expect((await readdir(root)).sort()).toEqual(["notes.md", "script"]);
  });

  it("are refused when they are too large", async () => {
    const { root, roots } = await place();
    const large = "x".repeat(10 * 1024 * 1024 + 1);
    await writeFile(join(root, "large"), large);
    await expect(readTextFile(join(root, "large"), {}, roots)).rejects.toThrow(/at most 10485760/u);
    await expect(writeTextFile(join(root, "other"), large, roots)).rejects.toThrow(/At most 10485760/u);
  });
});

describe("Commands that an agent has run", () => {
  it("are run without a shell, in a root, without its secrets", async () => {
    const { agent, folder } = await startExample({ terminal: true, environment: { AGENT_API_KEY: "sk-123456" } });
    const conversation = new Conversation(agent);
    expect(await conversation.answerTo("run node -p process.argv.length+process.cwd() $HOME *")).toBe(`0: 3${folder}\n`);
    expect(await conversation.answerTo("run node -p Object.keys(process.env).sort().join()")).toBe("0: AGENT_MEMORY,LANG,PATH\n");
    expect(await conversation.answerTo("run no-such-program")).toMatch(/^refused: There is no program/u);
    expect(await conversation.answerTo("run node -e process.exit(5)")).toBe("5: ");
  });

  it("are not offered where the configuration does not say so", async () => {
    const { agent } = await startExample();
    expect(await new Conversation(agent).answerTo("run node -p 1")).toMatch(/^refused: .*not found/iu);
  });

  it("are refused outside the roots, with names that are none, and in other sessions", async () => {
    const calls = [
      'terminal/create {"command":"node","cwd":"/"}',
      'terminal/create {"command":"node","env":[{"name":"A=B","value":""}]}',
      'terminal/create {"command":"../node"}',
      'terminal/output {"terminalId":"who"}',
      'terminal/create {"sessionId":"session-9","command":"node"}',
    ];
    const { agent } = await startMisbehaving(["calls-back", calls.join(";")], { terminal: true });
    expect(await new Conversation(agent).answerTo("hello")).toBe("-32002\n-32602\n-32002\n-32002\n-32002\n");
  });

  it("end with the turn that is stopped, and with the agent", async () => {
    const { agent, folder } = await startExample({ terminal: true });
    const pids = async (): Promise<number[]> =>
      (await readdir(folder)).filter((name) => name.startsWith("pid-")).map((name) => Number(name.slice(4)));
    await writeFile(
      join(folder, "stay.js"),
      'process.on("SIGTERM",()=>{});require("fs").writeFileSync("pid-"+process.pid,"");setInterval(()=>{},1000)',
    );
    const conversation = new Conversation(agent);
    const { signal, stop } = stopper();
    for await (const event of conversation.events("start node stay.js; wait", { signal })) {
      if (event.type !== "text-delta") continue;
      await until(async () => (await pids()).length === 1, "the command runs");
      stop();
    }
    const [first = 0] = await pids();
    await until(() => !isRunning(first), "the command ended with its turn");
    expect(textOf(await conversation.say("start node stay.js"))).toBe("started");
    await until(async () => (await pids()).length === 2, "another runs");
    await agent.close?.();
    expect((await pids()).filter((pid) => isRunning(pid))).toEqual([]);
  });

  it("are bounded in number", async () => {
    const calls = Array.from({ length: 17 }, () => 'terminal/create {"command":"node","args":["-e","setInterval(()=>{},1000)"]}');
    const { agent } = await startMisbehaving(["calls-back", calls.join(";")], { terminal: true });
    const lines = (await new Conversation(agent).answerTo("hello")).trim().split("\n");
    expect(lines.slice(0, 16).every((line) => line.includes("terminalId"))).toBe(true);
    expect(lines[16]).toBe("-32602");
  });
});

describe("The end of an output", () => {
  it("is the last whole characters that fit the limit, however it came", () => {
    const pieces = fc.array(fc.string({ unit: "grapheme", maxLength: 40 }), { maxLength: 30 });
    fc.assert(
      fc.property(pieces, fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 7 }), (texts, limit, size) => {
        const all = Buffer.from(texts.join(""));
        const tail = new OutputTail(limit);
        for (let start = 0; start < all.length; start += size) tail.push(all.subarray(start, start + size));
        const { output, truncated } = tail.read();
        expect(all.toString().endsWith(output)).toBe(true);
        expect(Buffer.byteLength(output)).toBeLessThanOrEqual(limit);
        expect(truncated).toBe(all.length > limit);
        // A character has four bytes at most.
        if (truncated) expect(Buffer.byteLength(output)).toBeGreaterThan(limit - 4);
      }),
    );
  });
});
