import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Settings } from "../command-line.ts";
import { ownProgram } from "../places.ts";
import { onExit, temporaryFolder } from "../processes/clean-up.ts";
import { fileBytes, usedBytes } from "./file-size.ts";
import { atMost, digits, type Goal, type Report } from "../report/report.ts";

/** After the second filling beside after the first. */
const maxFileGrowth = 1.1;
const maxMemoryGrowthMb = 25;
const maxSliceMs = 20;

/** A moment in the life of the store, as its process tells it. */
export interface GrowthMoment {
  readonly what: "filled" | "bodies gone" | "history gone";
  readonly round: number;
  readonly tookMs: number;
  readonly residentBytes: number;
  /** The longest slice of maintenance, in processor time of the main thread; 0 where it was not looked at. */
  readonly longestSliceMs: number;
}

/** With what its file is then. */
interface GrowthState extends GrowthMoment {
  readonly fileBytes: number;
  readonly usedBytes: number;
}

/** Very many messages through the store, all of it forgotten, and as many again: the file and the memory are not to grow. */
export async function growth({ messages }: Settings, tell: (line: string) => void): Promise<Report> {
  using folder = temporaryFolder();
  const states: GrowthState[] = [];
  for await (const state of run(join(folder.path, "hermes.db"), messages)) {
    tell(`round ${state.round}, ${state.what}: ${digits(state.fileBytes / 1e6)} MB`);
    states.push(state);
  }
  return {
    tables: [
      {
        title: `${messages} messages, forgotten, and as many again`,
        columns: ["", "file MB", "of it used MB", "resident MB", "seconds", "longest slice, CPU ms"],
        rows: states.map((state) => [
          `round ${state.round}, ${state.what}`,
          digits(state.fileBytes / 1e6),
          digits(state.usedBytes / 1e6),
          digits(state.residentBytes / 1e6),
          digits(state.tookMs / 1000),
          state.longestSliceMs === 0 ? "" : digits(state.longestSliceMs),
        ]),
      },
    ],
    goals: goals(states),
    remarks: [
      "through the store alone: accepted in batches, claimed, finished, settled, with its maintenance; time is virtual, and no write waits for the disk",
      "what is forgotten leaves room in the file that is used again; the file itself does not shrink",
    ],
    data: states,
  };
}

async function* run(path: string, messages: number): AsyncGenerator<GrowthState> {
  const child = spawn(process.execPath, ["--expose-gc", "--no-warnings", ownProgram("growth-child"), path, String(messages)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const forget = onExit(() => void child.kill("SIGKILL"));
  const ended = new Promise<string>((resolve) => {
    child.on("close", (code, signal) => resolve(code === 0 ? "" : `exit code ${code ?? "none"}, signal ${signal ?? "none"}`));
  });
  // Written by our own program.
  for await (const line of createInterface({ input: child.stdout })) {
    yield { ...(JSON.parse(line) as GrowthMoment), fileBytes: fileBytes(path), usedBytes: usedBytes(path) };
    child.stdin.write("go on\n");
  }
  const fault = await ended;
  forget();
  if (fault !== "") throw new Error(`The growth benchmark's program ended too early: ${fault}`);
}

function goals(states: readonly GrowthState[]): readonly Goal[] {
  const filled = states.filter(({ what }) => what === "filled");
  const [first, second] = filled;
  if (first === undefined || second === undefined) throw new Error("The growth benchmark's program left out a state");
  return [
    atMost("file after the second filling beside the first", second.fileBytes / first.fileBytes, maxFileGrowth, "times"),
    atMost(
      "resident memory more than after the first",
      (second.residentBytes - first.residentBytes) / 1e6,
      maxMemoryGrowthMb,
      "MB",
    ),
    atMost("longest slice of forgetting, CPU", Math.max(...states.map(({ longestSliceMs }) => longestSliceMs)), maxSliceMs, "ms"),
  ];
}
