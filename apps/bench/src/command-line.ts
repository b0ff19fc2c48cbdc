import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { contenderNames, type ContenderName } from "./throughput/contenders.ts";
import type { Synchronous } from "./processes/gateway.ts";
import type { Place } from "./throughput/conversation.ts";

/** What a run may be told. */
export interface Settings {
  readonly contenders: readonly ContenderName[];
  readonly rounds: number;
  readonly chats: number;
  readonly place: Place;
  /** What the gateway's `store.synchronous` is set to. */
  readonly synchronous: Synchronous;
  readonly warmMs: number;
  readonly measureMs: number;
  /** How often the gateway is started to be timed. */
  readonly starts: number;
  /** Conversations that are stored when it is started once more; 0 leaves that out. */
  readonly sessions: number;
  /** What goes through the store before it forgets. */
  readonly messages: number;
  /** Given to Node for the contenders. */
  readonly nodeArguments: readonly string[];
}

export interface Command {
  /** Names of benchmarks; none means all. */
  readonly benchmarks: readonly string[];
  readonly settings: Settings;
  readonly json: boolean;
  readonly build: boolean;
  readonly help: boolean;
}

/** A command line nobody can mean. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

export const help = `Usage: npx pnpm@12 bench [benchmark…] [options]

Measures this gateway, beside its peers, on 127.0.0.1 alone. Without names all of them but growth run, in about seven minutes.

  throughput   webhook → stored → answered → sent: messages/s, CPU, latency, beside Vercel's Chat SDK and bare grammY
  start        from spawn to ready, and memory at rest
  imports      what importing each package costs
  size         what an installation takes on disk
  platforms    each platform: size, import, memory, connecting; and a gateway with all of them (three minutes)
  growth       a million messages through the store, forgotten, and as many again: the file and the memory (five minutes)
  sockets      ten thousand silent clients of one gateway: memory, processor, and what one feels who talks (45 s)
  trouble      200 answers streaming at once, beside platforms that are well and beside the same in trouble (a minute)
  first-token  what the gateway adds to the time until a model's first word is seen
  stream       a long streamed answer through core, by its length
  markdown     parsers of Markdown beside each other

  --json              print the numbers as JSON
  --no-build          measure what was built before
  --rounds <n>        throughput: rounds (3)
  --warm <s>          throughput: warm-up of each contender (5)
  --seconds <s>       throughput: measurement of each contender; trouble: of each case (10)
  --chats <n>         throughput: conversations at a time (50)
  --groups            throughput: in groups instead of private chats
  --synchronous <how> throughput: full or normal, the gateway's \`store.synchronous\` (full)
  --only <name>       throughput: ${contenderNames.join(", ")}; may be repeated
  --cpu-prof <folder> throughput: write a CPU profile of each contender there
  --messages <n>      growth: messages (1000000)
  --starts <n>        start: starts of each kind (10)
  --sessions <n>      start: also on a home with so many conversations (0)
  --help              show this

Exit codes: 0 measured, goals met or missed; 1 a guard does not hold, or something could not be measured; 2 wrong usage.
`;

const options = {
  json: { type: "boolean", default: false },
  "no-build": { type: "boolean", default: false },
  rounds: { type: "string", default: "3" },
  warm: { type: "string", default: "5" },
  seconds: { type: "string", default: "10" },
  chats: { type: "string", default: "50" },
  groups: { type: "boolean", default: false },
  synchronous: { type: "string", default: "full" },
  only: { type: "string", multiple: true },
  "cpu-prof": { type: "string" },
  starts: { type: "string", default: "10" },
  messages: { type: "string", default: "1000000" },
  sessions: { type: "string", default: "0" },
  help: { type: "boolean", short: "h", default: false },
} as const;

/** @throws UsageError saying what is wrong. */
export function readCommand(words: readonly string[], benchmarks: readonly string[]): Command {
  const { values, positionals } = parse(words);
  const stranger = positionals.find((name) => !benchmarks.includes(name));
  if (stranger !== undefined) throw new UsageError(`There is no benchmark ${stranger}. There are ${benchmarks.join(", ")}.`);
  const folder = values["cpu-prof"];
  return {
    benchmarks: positionals,
    settings: {
      contenders: contenderNames.filter((name) => contendersIn(values.only ?? contenderNames).has(name)),
      rounds: numberIn("rounds", values.rounds, 1, 20),
      chats: numberIn("chats", values.chats, 1, 1000),
      synchronous: synchronousIn(values.synchronous),
      place: values.groups ? "group" : "direct",
      warmMs: numberIn("warm", values.warm, 0, 60) * 1000,
      measureMs: numberIn("seconds", values.seconds, 1, 120) * 1000,
      starts: numberIn("starts", values.starts, 1, 100),
      sessions: numberIn("sessions", values.sessions, 0, 10_000_000),
      messages: numberIn("messages", values.messages, 1000, 10_000_000),
      nodeArguments: folder === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${fromCaller(folder)}`],
    },
    json: values.json,
    build: !values["no-build"],
    help: values.help,
  };
}

function parse(words: readonly string[]) {
  try {
    return parseArgs({ args: [...words], options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function contendersIn(names: readonly string[]): ReadonlySet<string> {
  const known: readonly string[] = contenderNames;
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined) throw new UsageError(`There is no contender ${stranger}. There are ${known.join(", ")}.`);
  return new Set(names);
}

function synchronousIn(text: string): Synchronous {
  if (text === "full" || text === "normal") return text;
  throw new UsageError(`--synchronous: expected full or normal, got ${text}`);
}

/** A path as whoever typed it meant it: pnpm runs this in the package's own folder. */
function fromCaller(path: string): string {
  return resolve(process.env["INIT_CWD"] ?? process.cwd(), path);
}

function numberIn(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() !== "" && value >= least && value <= most) return value;
  throw new UsageError(`--${name}: expected a number from ${least} to ${most}, got ${text}`);
}
