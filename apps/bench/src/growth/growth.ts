import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Settings } from "../command-line.ts";
import { ownProgram } from "../places.ts";
import { onExit, temporaryFolder } from "../processes/clean-up.ts";
import { atMost, digits, type Goal, type Report, type Table } from "../report/report.ts";
import { fileSize, type FileSize } from "./file-size.ts";

/** After the second filling beside after the first. */
const maxGrowth = 1.1;
const maxMemoryGrowthMb = 25;
const maxSliceMs = 20;
/** Forgetting history is slow on purpose: its part is measured with one message in so many. */
const historyOneIn = 20;

/** A moment in the life of the store, as its process tells it. */
export interface GrowthMoment {
  readonly what: "filled" | "forgotten";
  readonly round: number;
  readonly tookMs: number;
  readonly residentBytes: number;
  /** Slices of forgetting, in processor time of the main thread: 99 of 100 take no longer than `usualMs`. */
  readonly slices?: { readonly usualMs: number; readonly longestMs: number };
}

interface GrowthState extends GrowthMoment, FileSize {}

/** Very many messages through the store, what is over of them forgotten, and as many again; then fewer, and their history forgotten as well. */
export async function growth({ messages }: Settings, tell: (line: string) => void): Promise<Report> {
  const bodies = await run("bodies", messages, tell);
  const history = await run("history", Math.ceil(messages / historyOneIn), tell);
  return {
    tables: [
      table(`${messages} messages, what is over of them forgotten, and as many again`, bodies),
      table(`${Math.ceil(messages / historyOneIn)} messages, their history forgotten as well, and as many again`, history),
    ],
    goals: [
      atMost("beside history, after the second filling as after the first", ratio(bodies, "otherBytes"), maxGrowth, "times"),
      atMost("with history forgotten, the file after the second filling", ratio(history, "fileBytes"), maxGrowth, "times"),
      memoryGoal(bodies),
      ...[bodies, history].map(sliceGoal),
    ],
    remarks: [
      "through the store alone: accepted in batches, claimed, finished, settled, with its maintenance; time is virtual, and no write waits for the disk",
      "what is forgotten leaves room in the file that is used again; the file itself does not shrink",
      `history takes ${digits(historyPerMessage(bodies, messages))} bytes a message and its answer, its search index included`,
    ],
    data: { bodies, history },
  };
}

function table(title: string, states: readonly GrowthState[]): Table {
  return {
    title,
    columns: ["", "file MB", "history MB", "else MB", "resident MB", "seconds", "99 % of slices, CPU ms", "longest"],
    rows: states.map(({ what, round, fileBytes, historyBytes, otherBytes, residentBytes, tookMs, slices }) => [
      `round ${round}, ${what}`,
      ...[fileBytes, historyBytes, otherBytes, residentBytes].map((bytes) => digits(bytes / 1e6)),
      digits(tookMs / 1000),
      slices === undefined ? "" : digits(slices.usualMs),
      slices === undefined ? "" : digits(slices.longestMs),
    ]),
  };
}

async function run(what: "bodies" | "history", messages: number, tell: (line: string) => void): Promise<readonly GrowthState[]> {
  using folder = temporaryFolder();
  const path = join(folder.path, "hermes.db");
  const child = spawn(
    process.execPath,
    ["--expose-gc", "--no-warnings", ownProgram("growth-child"), path, String(messages), what],
    {
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  const forget = onExit(() => void child.kill("SIGKILL"));
  const ended = new Promise<string>((resolve) => {
    child.on("close", (code, signal) => resolve(code === 0 ? "" : `exit code ${code ?? "none"}, signal ${signal ?? "none"}`));
  });
  const states: GrowthState[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    // Written by our own program.
    const state = { ...(JSON.parse(line) as GrowthMoment), ...fileSize(path) };
    tell(`${what}, round ${state.round}, ${state.what}: ${digits(state.fileBytes / 1e6)} MB`);
    states.push(state);
    child.stdin.write("go on\n");
  }
  const fault = await ended;
  forget();
  if (fault !== "") throw new Error(`The growth benchmark's program ended too early: ${fault}`);
  return states;
}

function filled(states: readonly GrowthState[]): readonly [GrowthState, GrowthState] {
  const [first, second] = states.filter(({ what }) => what === "filled");
  if (first === undefined || second === undefined) throw new Error("The growth benchmark's program left out a moment");
  return [first, second];
}

function ratio(states: readonly GrowthState[], key: "fileBytes" | "otherBytes"): number {
  const [first, second] = filled(states);
  return second[key] / first[key];
}

function historyPerMessage(states: readonly GrowthState[], messages: number): number {
  return filled(states)[0].historyBytes / messages;
}

/** From the end of the first round on: until it has once been through everything, a process only gets to the size it works with. */
function memoryGoal(states: readonly GrowthState[]): Goal {
  const forgotten = states.find(({ what }) => what === "forgotten");
  const grownMb = (filled(states)[1].residentBytes - (forgotten?.residentBytes ?? 0)) / 1e6;
  return atMost("resident memory more than at the end of the first round", grownMb, maxMemoryGrowthMb, "MB");
}

function sliceGoal(states: readonly GrowthState[]): Goal {
  const usualMs = Math.max(...states.map(({ slices }) => slices?.usualMs ?? 0));
  return atMost("99 % of the slices of forgetting, CPU", usualMs, maxSliceMs, "ms");
}
