import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { officialPlatforms } from "../../src/official-platforms.ts";
import { environmentExample } from "./environment-example.ts";
import { platformTable, promiseTable, withTable } from "./platform-table.ts";

const manifests = await Promise.all(Object.values(officialPlatforms).map(async (load) => await load()));
const byName = manifests.toSorted((left, right) => left.name.localeCompare(right.name, "en"));

it("The example of an environment names every variable that the packages know", async () => {
  await expect(environmentExample(byName)).toMatchFileSnapshot("../../../../.env.example");
});

it("The README's table of platforms is what their manifests say", async () => {
  const page = await readFile(new URL("../../../../README.md", import.meta.url), "utf8");
  await expect(withTable(page, platformTable(byName))).toMatchFileSnapshot("../../../../README.md");
});

it("docs/reliability.md promises of each platform what its package can keep", async () => {
  const page = await readFile(new URL("../../../../docs/reliability.md", import.meta.url), "utf8");
  await expect(withTable(page, promiseTable(byName))).toMatchFileSnapshot("../../../../docs/reliability.md");
});
