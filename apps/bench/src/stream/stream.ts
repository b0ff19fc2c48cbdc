import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Settings } from "../command-line.ts";
import { ownProgram } from "../places.ts";
import { digits, type Goal, type Report } from "../report/report.ts";
import { sampleNames, type SampleName } from "./sample.ts";

/** The lengths that are compared: up to 32,768 characters are one message, which is looked at as a whole with each edit. */
const fromLength = 40_000;
const toLength = 160_000;
/** Four times the text may take this much longer; quadratic work would take 16 times as long. */
const maxGrowth = 6;

/** One length of one kind of text. */
export interface StreamRun {
  readonly sample: SampleName;
  readonly length: number;
  readonly ms: number;
  /** Sends and edits. */
  readonly calls: number;
}

/** A long answer that is streamed in small pieces: how much core computes for it, and whether that grows with its length alone. */
export async function stream(_settings: Settings, tell: (line: string) => void): Promise<Report> {
  const { stdout } = await promisify(execFile)(process.execPath, [ownProgram("stream-child")]);
  const runs = JSON.parse(stdout) as readonly StreamRun[];
  tell("streamed");
  const rows = runs.map((run) => ({ ...run, growth: growthTo(run, runs) }));
  return {
    tables: [
      {
        title: "An answer in pieces of 4 characters through core's stream consumer, 50 pieces a second of virtual time",
        columns: ["text", "characters", "sends and edits", "ms", "µs per 1000 characters", "for twice the text"],
        rows: rows.map(({ sample, length, ms, calls, growth }) => [
          sample,
          String(length),
          String(calls),
          digits(ms),
          digits((ms * 1e6) / length),
          growth === undefined ? "" : `×${digits(growth)}`,
        ]),
      },
    ],
    goals: sampleNames.map((sample) => linear(sample, rows)),
    remarks: ["the quickest of 5; the platform is Telegram's measure and pace with nothing behind it"],
    data: rows,
  };
}

function growthTo({ sample, length, ms }: StreamRun, runs: readonly StreamRun[]): number | undefined {
  const half = runs.find((run) => run.sample === sample && run.length * 2 === length);
  return half === undefined ? undefined : ms / half.ms;
}

function linear(sample: SampleName, runs: readonly StreamRun[]): Goal {
  const msOf = (length: number): number => runs.find((run) => run.sample === sample && run.length === length)?.ms ?? Number.NaN;
  const growth = msOf(toLength) / msOf(fromLength);
  return {
    what: `${sample}: time for ${toLength} characters beside ${fromLength}`,
    wanted: `≤ ×${maxGrowth}`,
    measured: `×${digits(growth)}`,
    met: growth <= maxGrowth,
  };
}
