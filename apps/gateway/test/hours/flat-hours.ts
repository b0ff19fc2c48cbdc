import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";
import { expect, onTestFinished } from "vitest";
import type { HourReport, HoursSettings } from "./hours-child.ts";
import type { Sizes } from "./sizes.ts";

const program = fileURLToPath(new URL("hours-child.ts", import.meta.url));
const hours = 6;
const lifetimeMs = 110_000;
/** What the garbage collector and the compiler do of their own accord. */
const maxHeapGrowthBytes = 1.5e6;
/** In as much traffic a platform may be away for longer in one hour than in another. */
const maxAlarmGrowth = 3;
/** Conversations are forgotten once a day; how the search index keeps itself is its own affair. */
const growing = /^(?:sessions|entries_search.*|meta|sqlite_.*|__drizzle.*)$/u;

/** How many rows each table holds. The file is somebody else's, who waits meanwhile. */
function rowsOf(path: string): Readonly<Record<string, number>> {
  const database = new Database(path, { readonly: true });
  const names = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all() as string[];
  const counts = names
    .filter((name) => !growing.test(name))
    .map((name) => [name, database.prepare(`SELECT count(*) FROM "${name}"`).pluck().get() as number] as const);
  database.close();
  return Object.fromEntries(counts);
}

type Hour = HourReport & { readonly rows: Readonly<Record<string, number>> };

/** Hours of traffic, in a process that collects its garbage whenever it is looked at. */
async function live(settings: HoursSettings): Promise<readonly Hour[]> {
  const child = fork(program, [JSON.stringify(settings)], {
    execArgv: ["--expose-gc", "--no-warnings", "--conditions=@hermes/source"],
    timeout: lifetimeMs,
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const seen: Hour[] = [];
  child.on("message", (report: HourReport) => {
    seen.push({ ...report, rows: settings.databasePath === undefined ? {} : rowsOf(settings.databasePath) });
    child.send("go on");
  });
  expect(await once(child, "exit")).toEqual([0, null]);
  return seen;
}

/** What has to be the same after every hour, to the last one. */
function counted({ heapBytes: _heap, objects: _objects, resources: _resources, ...counts }: Sizes) {
  return counts;
}

/** A gateway that holds more alarms, listeners, work, rows or memory after hours than after the first ones fails the test. */
export async function expectFlatHours(place: Pick<HoursSettings, "databasePath">): Promise<void> {
  const seen = await live({ ...place, hours, minutesPerHour: 60, seed: 1 });
  // In the first hour everything gets to the size it works with, and in the second the compiler is done.
  const [first, second] = seen;
  const last = seen.at(-1);
  if (first === undefined || second === undefined || last === undefined) return expect.unreachable("hours are missing");
  expect(seen).toHaveLength(hours);
  for (const { facts } of seen) {
    expect(facts.faults).toEqual([]);
    expect(facts.said).toBeGreaterThan(4000);
  }
  expect(Object.keys(last.facts.troubles).length).toBeGreaterThan(25);
  expect(counted(first.sizes)).toMatchObject({ lanes: 0, running: 0, waiting: 0, unsettled: 0, parked: 0 });
  for (const { sizes, rows } of seen) {
    expect(counted(sizes)).toEqual(counted(first.sizes));
    expect(rows).toEqual(first.rows);
    expect(sizes.resources).toBeLessThanOrEqual(first.sizes.resources + 2);
  }
  const newcomers = seen.slice(2).reduce((sum, { facts }) => sum + facts.newcomers, 0);
  // Less than one for each conversation that began meanwhile, and far less than one for each message.
  expect(last.sizes.objects - second.sizes.objects).toBeLessThan(newcomers);
  expect(last.sizes.heapBytes - second.sizes.heapBytes).toBeLessThan(maxHeapGrowthBytes);
  expect(last.facts.alarms).toBeLessThan(second.facts.alarms * maxAlarmGrowth);
}
