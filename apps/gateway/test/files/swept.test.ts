import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createProcessLocks } from "@hermes/runtime";
import { createFakeClock } from "@hermes/testkit";
import { expect, it } from "vitest";
import { compose } from "../../src/compose.ts";
import { makeHome } from "../../src/home.ts";
import { configure } from "../doors/house.ts";

const dayMs = 24 * 60 * 60_000;
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

it("A gateway removes the files of answers that were last used longer ago than what was said is kept, soon after its start", async () => {
  const configuration = await configure({ "config.yaml": "store: { keepBodiesDays: 7 }\n" });
  const { home } = configuration;
  await makeHome(home);
  const folder = join(home, "gateway/files");
  await mkdir(folder, { mode: 0o700 });
  const clock = createFakeClock();
  for (const [name, ageDays] of [
    ["young", 6],
    ["old", 8],
  ] as const) {
    const used = new Date(clock.now() - ageDays * dayMs);
    await writeFile(join(folder, name), "bytes");
    await utimes(join(folder, name), used, used);
  }
  const { gateway } = await compose({
    configuration,
    tokens: [],
    locks: createProcessLocks(),
    clock,
    logger: quiet,
    conceal: () => undefined,
  });
  await gateway.start();
  await clock.advance(61_000);
  while ((await readdir(folder)).length > 1) await clock.advance(1000);
  const stopped = gateway.stop();
  await clock.advance(1000);
  await stopped;
  expect(await readdir(folder)).toEqual(["young"]);
});
