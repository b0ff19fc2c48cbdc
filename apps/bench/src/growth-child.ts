// Started by the growth benchmark: fills a store, has it forget, and fills it again; a line of JSON for each state it was in.
import { once } from "node:events";
import { openSqliteStore } from "@hermes/store/sqlite";
import { Talk } from "./growth/talk.ts";
import type { GrowthMoment } from "./growth/growth.ts";

const dayMs = 24 * 60 * 60_000;
const batchSize = 1000;
/** Of the search index and old rows, after each batch: about what the gateway does between as many messages. */
const slicesPerBatch = 10;

const [, , path = "", count = ""] = process.argv;
const messages = Number(count);
const store = await openSqliteStore({ path, durability: "process" });
await store.open();
const talk = new Talk(store);

/** Garbage of this program is no memory of the store's. */
const collectGarbage: unknown = Reflect.get(globalThis, "gc");

/** Says how it is, and goes on once the file was looked at: from another process, since two SQLites in one undo each other's locks. */
async function tell(what: GrowthMoment["what"], round: number, startedAtMs: number, longestMs: number): Promise<void> {
  if (typeof collectGarbage === "function") collectGarbage();
  const moment: GrowthMoment = {
    what,
    round,
    tookMs: performance.now() - startedAtMs,
    residentBytes: process.memoryUsage.rss(),
    longestSliceMs: longestMs,
  };
  process.stdout.write(`${JSON.stringify(moment)}\n`);
  await once(process.stdin, "data");
}

let nowMs = Date.UTC(2026, 0, 1);
for (let round = 1; round <= 2; round += 1) {
  const filledFromMs = performance.now();
  for (let said = 0; said < messages; said += batchSize) {
    nowMs += Math.ceil((dayMs * batchSize) / messages);
    await talk.batch(Math.min(batchSize, messages - said), nowMs);
    for (let slice = 0; slice < slicesPerBatch; slice += 1) await store.maintain({ nowMs, keepBodiesMs: 30 * dayMs });
  }
  await tell("filled", round, filledFromMs, 0);
  nowMs += 31 * dayMs;
  for (const [what, retention] of [
    ["bodies gone", { keepBodiesMs: 30 * dayMs }],
    ["history gone", { keepBodiesMs: 30 * dayMs, keepHistoryMs: 30 * dayMs }],
  ] as const) {
    const prunedFromMs = performance.now();
    let longestMs = 0;
    for (let isMore = true; isMore;) {
      const before = process.threadCpuUsage();
      isMore = await store.maintain({ nowMs, ...retention });
      const { user, system } = process.threadCpuUsage(before);
      longestMs = Math.max(longestMs, (user + system) / 1000);
    }
    await tell(what, round, prunedFromMs, longestMs);
  }
}
await store.close();
process.stdin.destroy();
