// Started by the growth benchmark: fills a store, has it forget, and fills it again; a line of JSON for each state it was in.
import { monitorEventLoopDelay } from "node:perf_hooks";
import { openSqliteStore } from "@hermes/store/sqlite";
import { Talk } from "./growth/talk.ts";
import { fileBytes, usedBytes } from "./growth/file-size.ts";
import type { GrowthState } from "./growth/growth.ts";

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

async function tell(what: GrowthState["what"], round: number, startedAtMs: number, longestMs: number): Promise<void> {
  if (typeof collectGarbage === "function") collectGarbage();
  const state: GrowthState = {
    what,
    round,
    tookMs: performance.now() - startedAtMs,
    fileBytes: fileBytes(path),
    usedBytes: usedBytes(path),
    residentBytes: process.memoryUsage.rss(),
    longestPauseMs: longestMs,
  };
  process.stdout.write(`${JSON.stringify(state)}\n`);
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
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    while (await store.maintain({ nowMs, ...retention }));
    delay.disable();
    await tell(what, round, prunedFromMs, delay.max / 1e6);
  }
}
await store.close();
