// Started by the growth benchmark: fills a store, has it forget, and fills it again; a line of JSON for each moment that is looked at.
import { once } from "node:events";
import { openSqliteStore } from "@hermes/store/sqlite";
import { Talk } from "./growth/talk.ts";
import type { GrowthMoment } from "./growth/growth.ts";
import { percentile } from "./measure/statistics.ts";

const dayMs = 24 * 60 * 60_000;
const keepMs = 30 * dayMs;
const rounds = 2;
const batchSize = 1000;
/** Of the search index and old rows, after each batch: about what the gateway does between as many messages. */
const slicesPerBatch = 10;

const [, , path = "", count = "", what = ""] = process.argv;
const messages = Number(count);
const retention = what === "history" ? { keepBodiesMs: keepMs, keepHistoryMs: keepMs } : { keepBodiesMs: keepMs };
/** Garbage of this program is no memory of the store's. */
const collectGarbage: unknown = Reflect.get(globalThis, "gc");
const store = await openSqliteStore({ path, durability: "process" });
await store.open();
const talk = new Talk(store);

/** Says how it is, and goes on once the file was looked at: from another process, since two SQLites in one undo each other's locks. */
async function tell(moment: Omit<GrowthMoment, "residentBytes">): Promise<void> {
  if (typeof collectGarbage === "function") collectGarbage();
  process.stdout.write(`${JSON.stringify({ ...moment, residentBytes: process.memoryUsage.rss() })}\n`);
  await once(process.stdin, "data");
}

let nowMs = Date.UTC(2026, 0, 1);
for (let round = 1; round <= rounds; round += 1) {
  const filledFromMs = performance.now();
  for (let said = 0; said < messages; said += batchSize) {
    nowMs += Math.ceil((dayMs * batchSize) / messages);
    await talk.batch(Math.min(batchSize, messages - said), nowMs);
    for (let slice = 0; slice < slicesPerBatch; slice += 1) await store.maintain({ ...retention, nowMs });
  }
  await tell({ what: "filled", round, tookMs: performance.now() - filledFromMs });
  nowMs += 31 * dayMs;
  const forgetFromMs = performance.now();
  const slicesMs: number[] = [];
  for (let isMore = true; isMore;) {
    const before = process.threadCpuUsage();
    isMore = await store.maintain({ ...retention, nowMs });
    const { user, system } = process.threadCpuUsage(before);
    slicesMs.push((user + system) / 1000);
  }
  const slices = { usualMs: percentile(slicesMs, 0.99), longestMs: Math.max(...slicesMs) };
  await tell({ what: "forgotten", round, tookMs: performance.now() - forgetFromMs, slices });
}
await store.close();
process.stdin.destroy();
