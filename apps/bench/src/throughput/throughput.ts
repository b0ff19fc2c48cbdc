import type { Settings } from "../command-line.ts";
import { residence } from "../measure/process-facts.ts";
import { median, percentile } from "../measure/statistics.ts";
import { atLeast, atMost, digits, type Goal, type Report, type Table } from "../report/report.ts";
import { ClosedLoop, type LoadResult } from "./closed-loop.ts";
import { contenderTitle, startContender, type ContenderName } from "./contenders.ts";

const maxMessages = 200_000;
const wantedRatio = 3;
const maxCpuMsPerMessage = 0.4;
const maxLoopDelayMs = 20;

/** One contender in one round. */
interface Run {
  readonly contender: ContenderName;
  readonly round: number;
  readonly messagesPerSecond: number;
  readonly cpuMsPerMessage: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly loopP50Ms: number;
  readonly loopP99Ms: number;
  readonly loopMaxMs: number;
  readonly residentMb: number;
  readonly said: number;
  readonly lost: number;
  readonly surplus: number;
  readonly redelivered: number;
  readonly generatorLoad: number;
  readonly othersLoad: number;
  readonly calls: Readonly<Record<string, number>>;
}

/** Webhook, answer, send: each contender alone, in turn, round after round. */
export async function throughput(settings: Settings, tell: (line: string) => void): Promise<Report> {
  const runs: Run[] = [];
  for (let round = 1; round <= settings.rounds; round++) {
    for (const contender of settings.contenders) {
      const run = await measure(contender, round, settings);
      tell(
        `round ${round} ${contender}: ${digits(run.messagesPerSecond)} messages/s, ${digits(run.cpuMsPerMessage)} ms CPU each`,
      );
      runs.push(run);
    }
  }
  const complaints = runs.flatMap(complain);
  return {
    tables: [medians(runs, settings)],
    goals: goals(runs),
    remarks: [
      `${settings.chats} ${settings.place === "direct" ? "private chats" : "groups"}, each waiting for its answer before it says the next thing; rounds: ${settings.rounds}, each of ${settings.warmMs / 1000} s warm-up and ${settings.measureMs / 1000} s measurement, a new process each; medians`,
      ...(settings.contenders.includes("gateway") ? [`the gateway's store.synchronous is ${settings.synchronous}`] : []),
      "CPU is the contender's own process, all threads; the load generator and the Bot API run in another",
      "the loop delay is how late each process's own event loop was with a timer that is due every millisecond",
      "the peers run from TypeScript, which is about 17 MB of their resident memory",
      ...(complaints.length === 0 ? ["every message was answered exactly once"] : complaints),
    ],
    data: runs,
  };
}

async function measure(name: ContenderName, round: number, settings: Settings): Promise<Run> {
  await using contender = await startContender(name, settings);
  const { program, api, webhook } = contender;
  const loop = new ClosedLoop(api, webhook, { ...settings, maxMessages }, program);
  const result = await Promise.race([loop.run(), program.failed]);
  return { contender: name, round, ...figures(result), residentMb: residence(program.pid).totalBytes / 1e6 };
}

function figures(result: LoadResult): Omit<Run, "contender" | "round" | "residentMb"> {
  const {
    answered,
    elapsedMs,
    latenciesMs,
    cpuMs: usedMs,
    loopDelay,
    said,
    lost,
    surplus,
    redelivered,
    generatorLoad,
    othersLoad,
    calls,
  } = result;
  return {
    messagesPerSecond: (answered * 1000) / elapsedMs,
    cpuMsPerMessage: usedMs / answered,
    p50Ms: percentile(latenciesMs, 0.5),
    p99Ms: percentile(latenciesMs, 0.99),
    loopP50Ms: loopDelay.p50Ms,
    loopP99Ms: loopDelay.p99Ms,
    loopMaxMs: loopDelay.maxMs,
    said,
    lost,
    surplus,
    redelivered,
    generatorLoad,
    othersLoad,
    calls,
  };
}

function complain({ contender, round, said, lost, surplus, redelivered, calls }: Run): readonly string[] {
  const name = `${contender}, round ${round}`;
  const sends = calls["sendMessage"] ?? 0;
  const others = Object.entries(calls).filter(([method, count]) => method !== "sendMessage" && count > said / 100);
  return [
    ...(lost > 0 ? [`${name}: ${lost} of ${said} messages were never answered`] : []),
    ...(surplus > 0 || sends > said ? [`${name}: ${Math.max(surplus, sends - said)} answers too many`] : []),
    ...(redelivered > 0 ? [`${name}: ${redelivered} deliveries were refused and repeated`] : []),
    ...others.map(([method, count]) => `${name}: ${digits(count / said)} calls of ${method} a message`),
  ];
}

const figureNames = [
  "messagesPerSecond",
  "cpuMsPerMessage",
  "p50Ms",
  "p99Ms",
  "loopP50Ms",
  "loopP99Ms",
  "residentMb",
  "generatorLoad",
  "othersLoad",
] as const;

function medianOf(runs: readonly Run[], contender: ContenderName, figure: (typeof figureNames)[number]): number {
  return median(runs.filter((run) => run.contender === contender).map((run) => run[figure]));
}

function medians(runs: readonly Run[], { contenders }: Settings): Table {
  return {
    title: "Stored, answered messages over Telegram's webhook",
    columns: [
      "contender",
      "messages/s",
      "CPU ms/message",
      "p50 ms",
      "p99 ms",
      "loop delay p50 ms",
      "p99 ms",
      "resident MB after",
      "generator's cores",
      "others' cores",
    ],
    rows: contenders.map((contender) => [
      contenderTitle(contender),
      ...figureNames.map((figure) => digits(medianOf(runs, contender, figure))),
    ]),
  };
}

function goals(runs: readonly Run[]): readonly Goal[] {
  const names = new Set(runs.map(({ contender }) => contender));
  if (!names.has("gateway")) return [];
  const ours = medianOf(runs, "gateway", "messagesPerSecond");
  const cpu = atMost("CPU a message", medianOf(runs, "gateway", "cpuMsPerMessage"), maxCpuMsPerMessage, "ms");
  const loop = atMost("event-loop delay, p99", medianOf(runs, "gateway", "loopP99Ms"), maxLoopDelayMs, "ms");
  const losses = runs.filter(({ contender, lost, surplus }) => contender === "gateway" && lost + surplus > 0);
  const complete: Goal = {
    what: "answered exactly once",
    wanted: "every message",
    measured: losses.length === 0 ? "every message" : `not in ${losses.length} rounds`,
    met: losses.length === 0,
  };
  if (!names.has("chat-sdk")) return [cpu, loop, complete];
  const ratio = ours / medianOf(runs, "chat-sdk", "messagesPerSecond");
  return [atLeast("messages/s beside Chat SDK", ratio, wantedRatio, "times"), cpu, loop, complete];
}
