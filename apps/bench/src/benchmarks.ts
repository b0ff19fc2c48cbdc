import type { Settings } from "./command-line.ts";
import { firstToken } from "./first-token/first-token.ts";
import { growth } from "./growth/growth.ts";
import { imports } from "./imports/imports.ts";
import { markdown } from "./markdown/markdown.ts";
import { platforms } from "./platforms/platforms.ts";
import type { Report } from "./report/report.ts";
import { size } from "./size/size.ts";
import { sockets } from "./sockets/sockets.ts";
import { start } from "./start/start.ts";
import { stream } from "./stream/stream.ts";
import { throughput } from "./throughput/throughput.ts";
import { trouble } from "./trouble/trouble.ts";

/** Measures something; `tell` hears how far it is. */
export type Benchmark = (settings: Settings, tell: (line: string) => void) => Promise<Report>;

/** What takes so long that it runs only when it is named. */
export const onRequest: ReadonlySet<string> = new Set(["growth"]);

/** All benchmarks, in the order in which they run. */
export const benchmarks: Readonly<Record<string, Benchmark>> = {
  throughput,
  start,
  imports,
  size,
  platforms,
  stream,
  markdown,
  "first-token": firstToken,
  trouble,
  sockets,
  growth,
};
