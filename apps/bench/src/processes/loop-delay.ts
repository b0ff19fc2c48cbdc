import type { ChildProcess } from "node:child_process";

/** How late an event loop was with what was due, in milliseconds. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** Has a program's event loop watched from within; the program itself knows nothing of it. */
export const probeArguments = [`--import=${new URL("loop-delay-probe.js", import.meta.url).href}`] as const;

/** Begins to watch a program that was started with `probeArguments` and a channel; returns how to end that and hear what was seen. */
export function watchLoop(child: ChildProcess): () => Promise<LoopDelay> {
  child.send("begin");
  return () =>
    new Promise((resolve) => {
      // Nobody else sends anything on this channel.
      child.once("message", (seen) => resolve(seen as LoopDelay));
      child.send("tell");
    });
}
