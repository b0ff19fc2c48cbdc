import { totalmem } from "node:os";
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** How much memory something has, and how much of it is used. */
export interface MemoryShare {
  /** For people: `heap`, or `memory` for all that the process holds. */
  readonly what: "heap" | "memory";
  readonly usedBytes: number;
  readonly limitBytes: number;
}

const mebibyte = 1024 * 1024;
/** Without a flag V8 gives what is young about a twentieth of the whole. */
const youngShare = 0.05;

/**
 * How full this process's memory is: the part of V8's heap whose limit ends the process, and what the process holds beside what it may
 * hold, where somebody has set a limit.
 */
export function readMemory(nodeOptions: string): readonly MemoryShare[] {
  const heap: MemoryShare = { what: "heap", usedBytes: oldBytes(), limitBytes: oldLimitBytes(nodeOptions) };
  const limitBytes = process.constrainedMemory();
  // Where there is no limit, the system names one that no machine has.
  if (limitBytes <= 0 || limitBytes >= totalmem()) return [heap];
  return [heap, { what: "memory", usedBytes: process.memoryUsage.rss(), limitBytes }];
}

/** What has outlived its youth: the young part has room of its own, and is not what a process ends of. */
function oldBytes(): number {
  let sum = 0;
  for (const space of getHeapSpaceStatistics()) if (!space.space_name.includes("new_")) sum += space.space_used_size;
  return sum;
}

/** The limit V8 names includes a young part, which in a small heap is the larger one: what was asked for is the truth. */
function oldLimitBytes(nodeOptions: string): number {
  const flags = [nodeOptions, ...process.execArgv].join(" ");
  const asked = [...flags.matchAll(/--max[-_]old[-_]space[-_]size[= ](\d+)/gu)].at(-1)?.[1];
  return asked === undefined ? getHeapStatistics().heap_size_limit * (1 - youngShare) : Number(asked) * mebibyte;
}

/** Collects what nobody needs any more: only then it is known how much is needed. */
export function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  setFlagsFromString("--no-expose-gc");
  if (typeof collect === "function") collect();
}
