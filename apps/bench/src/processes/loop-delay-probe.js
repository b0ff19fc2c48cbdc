import { monitorEventLoopDelay } from "node:perf_hooks";
import { isMainThread } from "node:worker_threads";

// Loaded before the program that is measured, which knows nothing of it. Plain JavaScript: reading TypeScript would cost that program
// 17 MB. A program's own threads load it as well.
if (isMainThread) {
  const resolutionMs = 1;
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  // What is recorded is the time from one tick to the next: a loop that is never late records the resolution.
  const late = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  process.on("message", (question) => {
    if (question === "begin") {
      delays.enable();
      delays.reset();
    } else if (question === "tell") {
      process.send?.({ p50Ms: late(delays.percentile(50)), p99Ms: late(delays.percentile(99)), maxMs: late(delays.max) });
    }
  });
  // It must not keep the program from ending.
  process.channel?.unref();
}
