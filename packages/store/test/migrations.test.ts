import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

it("The migrations that are shipped are those the schema asks for", () => {
  const folder = mkdtempSync(join(tmpdir(), "hermes-migrations-"));
  try {
    cpSync(join(root, "migrations/sqlite"), join(folder, "sqlite"), { recursive: true });
    const before = readdirSync(join(folder, "sqlite"));
    const config = join(folder, "drizzle.config.json");
    writeFileSync(config, JSON.stringify({ dialect: "sqlite", schema: join(root, "src/sqlite/schema.ts"), out: "./sqlite" }));
    execFileSync(join(root, "node_modules/.bin/drizzle-kit"), ["generate", `--config=${config}`], { cwd: folder, stdio: "pipe" });
    expect(readdirSync(join(folder, "sqlite"))).toEqual(before);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
