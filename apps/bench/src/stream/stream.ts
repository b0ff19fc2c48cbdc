import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Settings } from "../command-line.ts";
import { ownProgram } from "../places.ts";
import { digits, type Goal, type Report } from "../report/report.ts";
import type { SampleName } from "./sample.ts";

/** Twice the text may take this much longer; quadratic work would take 4 times as long. */
const maxGrowth = 2.8;

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
    goals: [linear("prose", rows), linear("markdown", rows)],
    remarks: ["medians of 5; the platform is Telegram's measure and pace with nothing behind it"],
    data: rows,
  };
}

function growthTo({ sample, length, ms }: StreamRun, runs: readonly StreamRun[]): number | undefined {
  const half = runs.find((run) => run.sample === sample && run.length * 2 === length);
  return half === undefined ? undefined : ms / half.ms;
}

function linear(sample: SampleName, rows: readonly (StreamRun & { readonly growth: number | undefined })[]): Goal {
  const worst = Math.max(
    ...rows.filter((row) => row.sample === sample && row.length >= 20_000).map(({ growth = Number.NaN }) => growth),
  );
  return {
    what: `${sample}: time for twice the text, from 10,000 characters on`,
    wanted: `≤ ×${maxGrowth}`,
    measured: `×${digits(worst)}`,
    met: worst <= maxGrowth,
  };
}
