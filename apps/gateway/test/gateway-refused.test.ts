import { once } from "node:events";
import { chmod, readdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import Database from "better-sqlite3";
import { describe, expect, it, onTestFinished } from "vitest";
import { anyPort, refused, serve, serveHome, stop } from "./serve.ts";
import { temporaryHome } from "./temporary-home.ts";

describe("what keeps a gateway from starting", () => {
  it("is a mistake in config.yaml, shown with line, column and remedy", async () => {
    const home = await temporaryHome({ "config.yaml": "server:\n  port: eighty\n" });
    expect(await refused(home)).toBe(
      'server.port: expected a port from 0 to 65535, got "eighty" (config.yaml:2:3). `hermes config explain server.port` shows what sets it.',
    );
    expect(await readdir(home)).toEqual(["config.yaml"]);
  });

  it("is a port that is taken", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    onTestFinished(() => void other.close());
    await once(other, "listening");
    const address = other.address();
    const port = typeof address === "object" ? address?.port : 0;
    const errors = await refused(await temporaryHome({ "config.yaml": `server: { port: ${port} }` }));
    expect(errors).toContain(
      `Cannot listen on 127.0.0.1:${port} (server.host, server.port): EADDRINUSE. Another program listens there.`,
    );
  });

  it("is another gateway that serves the same home; when that one is killed, the next start works", async () => {
    const { hermes, home } = await serve();
    expect(await refused(home)).toMatch(
      new RegExp(`The home ${home} is served already by gateway with pid ${hermes.process.pid} for ${home}, since `, "u"),
    );
    hermes.process.kill("SIGKILL");
    await hermes.ended();
    await serveHome(home);
  });

  it.each([
    [
      "damaged",
      78,
      async (path: string) => writeFile(path, "this is no database at all, but text that is long enough to be looked at"),
    ],
    ["locked by another program", 75, lockDatabase],
    ["written by a newer version", 78, writtenByNewer],
  ] as const)("is a store that is %s (exit code %i)", async (_what, code, spoil) => {
    const home = await temporaryHome({ "config.yaml": anyPort, "gateway/placeholder": "" });
    const { hermes } = await serveHome(home);
    await stop(hermes);
    await spoil(join(home, "gateway", "hermes.db"));
    const errors = await refused(home, code);
    expect(errors).toContain("(store.url)");
    expect(errors).toContain(join(home, "gateway", "hermes.db"));
  });

  it("is a home that cannot be written", async () => {
    const directory = await temporaryHome({ file: "" });
    expect(await refused(join(directory, "file", "home"))).toMatch(/cannot be (?:used|read)/u);
  });

  it.runIf(process.getuid?.() !== 0)("is a home that may not be written", async () => {
    const home = await temporaryHome();
    await chmod(home, 0o500);
    expect(await refused(home)).toContain("cannot be used");
  });

  it("is not a mistake in one platform's section, which switches off that platform alone", async () => {
    const home = await temporaryHome({ "config.yaml": `${anyPort}platforms: { telegram: { token: "bad" } }` });
    const { hermes } = await serveHome(home);
    expect(hermes.output()).toContain("switched off: telegram");
    expect(hermes.errors()).toContain("[telegram] Switched off: platforms.telegram.token:");
    expect(hermes.errors()).not.toContain('"bad"');
    await stop(hermes);
  });
});

async function lockDatabase(path: string): Promise<void> {
  const database = new Database(path);
  onTestFinished(() => void database.close());
  database.exec("BEGIN EXCLUSIVE");
}

/** However a store notes its version, one that no program knows yet is newer. */
async function writtenByNewer(path: string): Promise<void> {
  const database = new Database(path);
  const tables = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name LIKE '%migrations%'")
    .pluck()
    .all() as string[];
  for (const table of tables) {
    const columns = (database.pragma(`table_info(${table})`) as readonly { readonly name: string }[]).map(({ name }) => name);
    const values = columns.map((name) => (name === "id" ? "99999" : name === "hash" ? "'newer'" : "99999999999999"));
    database.exec(`INSERT INTO ${table} (${columns.join(", ")}) VALUES (${values.join(", ")})`);
  }
  database.pragma("user_version = 99999");
  database.close();
}
