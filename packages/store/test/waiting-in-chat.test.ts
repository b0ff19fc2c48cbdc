import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openDatabase } from "../src/sqlite/open-database.ts";
import { prepareStatements } from "../src/sqlite/statements.ts";

it("What waits in one chat is found without looking through what waits in others", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hermes-store-"));
  const database = await openDatabase(join(folder, "hermes.db"));
  try {
    const { sql } = prepareStatements(database).waitingInChat.getQuery();
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all("a", "a:", "a;", 1000) as { readonly detail: string }[];
    const details = plan.map(({ detail }) => detail);
    expect(details.filter((detail) => detail.startsWith("SCAN"))).toEqual([]);
    expect(details.filter((detail) => detail.includes("events_waiting"))).toHaveLength(2);
  } finally {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  }
});
