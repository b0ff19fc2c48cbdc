// Lives through hours of traffic in fast time and tells after each how large everything is. Run by `flat-hours.ts`, with --expose-gc.
import { once } from "node:events";
import { createMemoryStore, type Store } from "@hermes/runtime";
import { openSqliteStore } from "@hermes/store/sqlite";
import type { Sizes } from "./sizes.ts";
import { Town, type HourFacts } from "./town.ts";

/** What these hours are lived with. */
export interface HoursSettings {
  /** Absent: in memory. */
  readonly databasePath?: string;
  readonly hours: number;
  readonly minutesPerHour: number;
  readonly seed: number;
}

/** What is told after each hour; whoever listens answers anything to go on. */
export interface HourReport {
  readonly sizes: Sizes;
  readonly facts: HourFacts;
}

const settings = JSON.parse(process.argv[2] ?? "") as HoursSettings;

async function openStore({ databasePath }: HoursSettings): Promise<Store> {
  if (databasePath !== undefined) return await openSqliteStore({ path: databasePath, durability: "process" });
  // Small enough to be full after the first hour.
  return createMemoryStore({ maxEvents: 500, maxSessions: 60, maxEntriesPerSession: 20 });
}

const town = new Town(await openStore(settings), settings.seed);
await town.start();
for (let hour = 0; hour < settings.hours; hour += 1) {
  const facts = await town.live(settings.minutesPerHour);
  await town.calm();
  const report: HourReport = { sizes: await town.sizes(), facts };
  const goOn = once(process, "message");
  process.send?.(report);
  await goOn;
}
await town.stop();
process.disconnect();
