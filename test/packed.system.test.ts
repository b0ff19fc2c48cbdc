import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startBotApiServer } from "../packages/platform-telegram/test/server.ts";
import { packages, read, root } from "./repository.ts";

const folder = mkdtempSync(join(tmpdir(), "hermes-packed-"));
const project = join(folder, "project");
const ada = 42;

beforeAll(() => {
  const tarballs = join(folder, "tarballs");
  mkdirSync(project);
  mkdirSync(tarballs);
  for (const { path, manifest } of packages()) {
    if (manifest.private !== true)
      execFileSync("npx", ["--yes", "pnpm@12", "pack", "--pack-destination", tarballs], { cwd: join(root, path), stdio: "pipe" });
  }
  writeFileSync(join(project, "package.json"), '{ "name": "a-bot", "private": true, "type": "module" }\n');
  const files = readdirSync(tarballs).map((name) => join(tarballs, name));
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...files], { cwd: project, stdio: "pipe" });
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The bot of the README, pointed at a Bot API on loopback. */
function readmeBot(apiRoot: string, token: string): string {
  const example = /```ts\n(import[\s\S]*?)```/u.exec(read("README.md"))?.[1] ?? "";
  const options = `{ token: "${token}", apiRoot: "${apiRoot}" }`;
  const bot = example.replace(/telegram\(\{[^}]*\}\)/u, `telegram(${options})`).replace("telegram:123456789", `telegram:${ada}`);
  expect(bot).toContain(apiRoot);
  expect(bot).toContain(`telegram:${ada}`);
  expect(bot.trim().split("\n").length).toBeLessThanOrEqual(15);
  return bot;
}

describe("Packed and installed into an empty project", () => {
  it("the README's bot answers", async () => {
    await using api = await startBotApiServer({ validate: false });
    writeFileSync(join(project, "bot.js"), readmeBot(api.apiRoot, api.token));
    const bot = spawn(process.execPath, ["bot.js"], { cwd: project, stdio: ["ignore", "inherit", "inherit"] });
    try {
      api.say("hello");
      await api.until(() => api.texts(ada, "bot").length > 0);
      expect(api.texts(ada, "bot")).toEqual(["You said: hello"]);
    } finally {
      bot.kill("SIGKILL");
      await once(bot, "exit");
    }
  });

  it("the SQLite store finds its migrations and keeps what it is given", () => {
    const program = `
      import { openSqliteStore } from "@hermes/store/sqlite";
      const store = await openSqliteStore({ path: "data/hermes.db" });
      await store.open();
      await store.writeMemory({ platform: "p", key: "k", value: 42 });
      process.stdout.write(String(await store.readMemory("p", "k", 0)));
      await store.close();
    `;
    expect(execFileSync(process.execPath, ["--input-type=module", "-e", program], { cwd: project, encoding: "utf8" })).toBe("42");
  });

  it("the hermes command says what it is", () => {
    const output = execFileSync(join(project, "node_modules/.bin/hermes"), ["--version"], { cwd: project, encoding: "utf8" });
    expect(output.trim()).toMatch(/^\d+\.\d+\.\d+/u);
  });

  it("core brings nothing along and stays below a megabyte", () => {
    const manifest = packages().find(({ folder: name }) => name === "core")?.manifest;
    expect(manifest?.dependencies ?? {}).toEqual({});
    const size = folderSizeBytes(join(project, "node_modules/@hermes/core"));
    expect(size).toBeLessThan(1_000_000);
  });
});

function folderSizeBytes(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
