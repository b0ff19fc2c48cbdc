import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Settings } from "../command-line.ts";
import { median } from "../measure/statistics.ts";
import { importOnce, type ImportCost } from "./import-once.ts";
import { digits, type Goal, type Report } from "../report/report.ts";

const runs = 7;
const maxStoreMs = 100;

/** Resolved here, without the condition that leads to sources: what is measured is what others install. */
const entries = [
  ["@hermes/core", import.meta.resolve("@hermes/core")],
  ["@hermes/runtime", import.meta.resolve("@hermes/runtime")],
  ["@hermes/store/sqlite", import.meta.resolve("@hermes/store/sqlite")],
  ["@hermes/platform-telegram", import.meta.resolve("@hermes/platform-telegram")],
  ["@hermes/platform-telegram/manifest", import.meta.resolve("@hermes/platform-telegram/manifest")],
  ["@hermes/platform-web", import.meta.resolve("@hermes/platform-web")],
  ["@hermes/platform-openai-api", import.meta.resolve("@hermes/platform-openai-api")],
  ["grammy", import.meta.resolve("grammy")],
  ["chat", import.meta.resolve("chat")],
  ["@chat-adapter/telegram", import.meta.resolve("@chat-adapter/telegram")],
] as const;

/** What it costs to import each package's entry into a process that has loaded nothing. */
export async function imports(_settings: Settings, tell: (line: string) => void): Promise<Report> {
  const costs = new Map<string, ImportCost[]>(entries.map(([name]) => [name, []]));
  for (let run = 0; run < runs; run++) {
    for (const [name, url] of entries) costs.get(name)?.push(await importOnce(url));
  }
  tell(`${entries.length} entries imported ${runs} times each`);
  const figures = [...costs].map(([name, list]) => ({
    name,
    ms: median(list.map(({ ms }) => ms)),
    mb: median(list.map(({ mb }) => mb)),
  }));
  const store = figures.find(({ name }) => name === "@hermes/store/sqlite")?.ms ?? Number.NaN;
  return {
    tables: [
      {
        title: "Importing the built entry into a fresh process",
        columns: ["entry", "ms", "resident MB"],
        rows: figures.map(({ name, ms, mb }) => [name, digits(ms), digits(mb)]),
      },
    ],
    goals: [
      {
        what: "@hermes/store/sqlite imports quickly",
        wanted: `≤ ${maxStoreMs} ms`,
        measured: `${digits(store)} ms`,
        met: store <= maxStoreMs,
        mustHold: true,
      },
      drizzleIsBundled(),
    ],
    remarks: [`medians of ${runs} processes each, file cache warm`],
    data: figures,
  };
}

/** Comments of drizzle's own name it too: an import stands at the beginning of a line. */
const unbundled = /^(?:import|export)\b[^\n]*["']drizzle-orm|\b(?:import|require)\(["']drizzle-orm/mu;

/** Unbundled, drizzle's cyclic module graph costs 300 ms and 200 MB: its name must not stand in an import of what is built. */
function drizzleIsBundled(): Goal {
  const folder = dirname(fileURLToPath(import.meta.resolve("@hermes/store/sqlite")));
  const files = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".js")) : [];
  const culprit = files.find((name) => unbundled.test(readFileSync(join(folder, name), "utf8")));
  return {
    what: "drizzle is bundled into the store",
    wanted: "no import of drizzle-orm",
    measured: culprit === undefined ? "none" : `one in ${culprit}`,
    met: culprit === undefined && files.length > 0,
    mustHold: true,
  };
}
