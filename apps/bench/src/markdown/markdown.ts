import type { Settings } from "../command-line.ts";
import { median } from "../measure/statistics.ts";
import { atMost, digits, type Report } from "../report/report.ts";
import { answerOf } from "../stream/sample.ts";
import { contenders } from "./contenders.ts";

const rounds = 300;
const hostileLength = 16_000;
const mostHostileMs = 250;

const usual = {
  "90 characters": "The **answer** is 42, see [the page](https://example.org/a) and `code` for *more* of it.",
  "3,700 characters": answerOf("markdown", 3700),
} as const;

const hostile = {
  "nested quotes": ">".repeat(hostileLength),
  "nested lists": `${"- ".repeat(hostileLength / 2)}a`,
  underscores: "_a".repeat(hostileLength / 2),
  "unclosed links": "[a](".repeat(hostileLength / 4),
  "addresses without an end": "www.a_".repeat(Math.floor(hostileLength / 6)),
} as const;

/** How long reading an answer takes, and reading what was written to take long. */
export async function markdown(_settings: Settings, tell: (line: string) => void): Promise<Report> {
  const figures = Object.entries(contenders).map(([name, parse]) => ({
    name,
    usual: Object.values(usual).map((source) => medianMs(() => parse(source))),
    hostile: Object.values(hostile).map((source) => onceMs(() => parse(source))),
  }));
  tell(`${figures.length} parsers`);
  const [ours] = figures;
  const slowest = Math.max(...(ours?.hostile ?? []).map((ms) => (typeof ms === "number" ? ms : Number.POSITIVE_INFINITY)));
  return {
    tables: [
      {
        title: "Reading an answer, ms",
        columns: ["parser", ...Object.keys(usual)],
        rows: figures.map((figure) => [figure.name, ...figure.usual.map(digits)]),
      },
      {
        title: `Reading ${hostileLength} hostile characters once, ms`,
        columns: ["parser", ...Object.keys(hostile)],
        rows: figures.map((figure) => [figure.name, ...figure.hostile.map((ms) => (typeof ms === "number" ? digits(ms) : ms))]),
      },
    ],
    goals: [{ ...atMost("@hermes/markdown reads hostile text", slowest, mostHostileMs, "ms"), mustHold: true }],
    remarks: [
      `medians of ${rounds}; commonmark.js knows no tables, and @hermes/markdown makes its own tree, formulas and spoilers included`,
    ],
    data: figures,
  };
}

function medianMs(parse: () => unknown): number {
  const times: number[] = [];
  for (let round = 0; round < rounds * 2; round++) {
    const startedAtMs = performance.now();
    parse();
    // The first half warms up.
    if (round >= rounds) times.push(performance.now() - startedAtMs);
  }
  return median(times);
}

/** Milliseconds, or the name of what it threw. */
function onceMs(parse: () => unknown): number | string {
  const startedAtMs = performance.now();
  try {
    parse();
  } catch (error) {
    return error instanceof Error ? error.name : "threw";
  }
  return performance.now() - startedAtMs;
}
