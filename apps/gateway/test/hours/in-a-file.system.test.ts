import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { it, onTestFinished } from "vitest";
import { expectFlatHours } from "./flat-hours.ts";

it("After hours of traffic and trouble a gateway holds no more than after the first ones, with its store in a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "hermes-hours-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await expectFlatHours({ databasePath: join(folder, "hermes.db") });
});
