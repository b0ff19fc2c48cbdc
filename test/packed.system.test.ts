import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { startDiscordServer } from "../packages/platform-discord/test/server.ts";
import { startBotApiServer } from "../packages/platform-telegram/test/server.ts";
import { packages, read, root } from "./repository.ts";

const folder = mkdtempSync(join(tmpdir(), "hermes-packed-"));
const project = join(folder, "project");
const tarballs = join(folder, "tarballs");
const ada = 42;

beforeAll(() => {
  mkdirSync(project);
  mkdirSync(tarballs);
  for (const { path, manifest } of packages()) {
    if (manifest.private !== true)
      execFileSync("npx", ["--yes", "pnpm@12", "pack", "--pack-destination", tarballs], { cwd: join(root, path), stdio: "pipe" });
  }
  writeFileSync(join(project, "package.json"), '{ "name": "a-bot", "private": true, "type": "module" }\n');
  install(
    project,
    readdirSync(tarballs).map((name) => join(tarballs, name)),
  );
}, 240_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function install(cwd: string, files: readonly string[]): void {
  execFileSync("npm", ["install", "--no-audit", "--no-fund", "--ignore-scripts", ...files], { cwd, stdio: "pipe" });
}

/** What was packed of a package and of whatever of ours it needs. */
function packed(name: string, seen: Set<string> = new Set()): readonly string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  const manifest = packages().find((each) => each.manifest.name === name)?.manifest;
  const file = readdirSync(tarballs).find((each) => each.startsWith(`${name.replace("@", "").replace("/", "-")}-0.`));
  if (file === undefined) throw new Error(`${name} was not packed`);
  const needed = [...Object.keys(manifest?.dependencies ?? {}), "@hermes/core"].filter((each) => each.startsWith("@hermes/"));
  return [join(tarballs, file), ...needed.flatMap((each) => packed(each, seen))];
}

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

describe("The gateway, packed and installed alone", () => {
  it("says what to install for a platform that does not come with it, and uses it once it is in the home", async () => {
    const alone = join(folder, "alone");
    const home = join(folder, "home");
    for (const path of [alone, home]) {
      mkdirSync(path);
      writeFileSync(join(path, "package.json"), '{ "private": true }\n');
    }
    install(alone, packed("@hermes/gateway"));
    const server = await startDiscordServer();
    onTestFinished(() => server.close());
    const ada = server.world.addUser("Ada");
    server.world.addGuild("Club", [ada]);
    const environment = {
      PATH: process.env["PATH"] ?? "",
      HOME: home,
      HERMES_HOME: home,
      DISCORD_BOT_TOKEN: server.token,
      DISCORD_BASE_URL: server.apiRoot,
      DISCORD_ALLOWED_USERS: ada.id,
    };
    writeFileSync(join(home, "config.yaml"), "server: { port: 0 }\n");
    const run = () => spawn(join(alone, "node_modules/.bin/hermes"), ["gateway", "run"], { cwd: alone, env: environment });
    const without = run();
    await written(
      without,
      /`@hermes\/platform-discord` is not installed. Install it with `npm install --prefix \S+ @hermes\/platform-discord`/u,
    );
    without.kill("SIGKILL");
    await once(without, "exit");
    install(home, packed("@hermes/platform-discord"));
    const bot = run();
    try {
      await written(bot, /\[discord\] Connected as/u);
      await server.until(() => server.gateway.connected > 0);
      const direct = server.world.direct(ada);
      server.say(direct, ada, "hello");
      await server.until(() => server.world.in(direct.id).length > 1);
      expect(server.world.in(direct.id).map(({ content }) => content)).toEqual(["hello", "echo: hello"]);
    } finally {
      bot.kill("SIGKILL");
      await once(bot, "exit");
    }
  });
});

/** Resolves once a process has written something like this. */
function written(process: ReturnType<typeof spawn>, pattern: RegExp): Promise<void> {
  let text = "";
  return new Promise((resolve, reject) => {
    const look = (chunk: unknown): void => {
      text += String(chunk);
      if (pattern.test(text)) resolve();
    };
    process.stdout?.on("data", look);
    process.stderr?.on("data", look);
    process.on("exit", () => reject(new Error(`It ended without ${String(pattern)}:\n${text}`)));
  });
}

function folderSizeBytes(path: string): number {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath, entry.name)).size, 0);
}
