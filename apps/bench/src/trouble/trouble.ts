import type { Settings } from "../command-line.ts";
import { percentile } from "../measure/statistics.ts";
import { atMost, digits, type Goal, type Report } from "../report/report.ts";
import { answerMs } from "./model.ts";
import { measurePhase, type PhaseResult } from "./phase.ts";

const streams = 200;
/** There and back again: what a machine does of its own accord meanwhile falls on both alike. */
const order = [false, true, true, false] as const;
const warmMs = 1000;
/** Beside neighbours that are well. */
const maxRatio = 1.15;
const maxProbeMs = 5;
const maxLoopDelayMs = 20;

/** One thing that is compared: a number of several phases of one kind. */
interface Figure {
  readonly name: string;
  readonly of: (phases: readonly PhaseResult[]) => number;
}

const figures = [
  { name: "until something is shown, p50 ms", of: spread(({ firstShownMs }) => firstShownMs, 0.5) },
  { name: "until something is shown, p99 ms", of: spread(({ firstShownMs }) => firstShownMs, 0.99) },
  { name: "until all is shown, p50 ms", of: spread(({ completeMs }) => completeMs, 0.5) },
  { name: "until all is shown, p99 ms", of: spread(({ completeMs }) => completeMs, 0.99) },
  { name: "a short question, p50 ms", of: spread(({ probeMs }) => probeMs, 0.5) },
  { name: "a short question, p99 ms", of: spread(({ probeMs }) => probeMs, 0.99) },
  { name: "loop delay, p99 ms", of: mean(({ loopDelay }) => loopDelay.p99Ms) },
  { name: "CPU ms per streamed answer", of: mean(({ cpuMsPerAnswer }) => cpuMsPerAnswer) },
  { name: "gateway's cores", of: mean(({ cpuLoad }) => cpuLoad) },
  { name: "resident MB", of: mean(({ residentMb }) => residentMb) },
  { name: "generator's cores", of: mean(({ generatorLoad }) => generatorLoad) },
  { name: "others' cores", of: mean(({ othersLoad }) => othersLoad) },
] as const satisfies readonly Figure[];

/** Very many answers stream on healthy bots, beside neighbours that are well and beside the same in every kind of trouble. */
export async function trouble({ measureMs }: Settings, tell: (line: string) => void): Promise<Report> {
  const phases: PhaseResult[] = [];
  for (const inTrouble of order) {
    const phase = await measurePhase({ streams, warmMs, measureMs: measureMs / 2, inTrouble });
    tell(`${inTrouble ? "beside trouble" : "beside neighbours that are well"}: ${line(phase)}`);
    phases.push(phase);
  }
  const well = phases.filter(({ inTrouble }) => !inTrouble);
  const troubled = phases.filter(({ inTrouble }) => inTrouble);
  const sum = (key: keyof PhaseResult["neighbours"], of: readonly PhaseResult[]): number =>
    of.reduce((total, { neighbours }) => total + neighbours[key], 0);
  return {
    tables: [
      {
        title: `${streams} answers streaming at once on two healthy bots, beside three others`,
        columns: ["", "others well", "others in trouble", "times"],
        rows: figures.map(({ name, of }) => [name, digits(of(well)), digits(of(troubled)), digits(of(troubled) / of(well))]),
      },
    ],
    goals: goals(well, troubled, phases),
    remarks: [
      `the model takes ${answerMs / 1000} s for an answer of 80 pieces, some 320 tokens; four other chats ask short questions all the time`,
      "the other three bots have sixty people with six messages a second, in both cases",
      `in trouble, one answered ${sum("limitedCalls", troubled)} calls with 429, one hung in ${sum("hangingConnects", troubled)} attempts to connect, one broke within a second each time it was connected (${sum("flappingConnects", troubled)} times)`,
      `two rounds of each, in the order well, trouble, trouble, well; each a new process, measured for ${measureMs / 2000} s`,
      "people and Bot APIs run in another process than the gateway; CPU is the gateway's whole process, its neighbours' work included",
    ],
    data: phases,
  };
}

function line(phase: PhaseResult): string {
  const short = percentile(phase.probeMs, 0.5);
  return `${phase.completeMs.length} answers, ${digits(phase.cpuMsPerAnswer)} ms CPU each, a short question ${digits(short)} ms`;
}

function spread(of: (phase: PhaseResult) => readonly number[], share: number): Figure["of"] {
  return (phases) => percentile(phases.flatMap(of), share);
}

function mean(of: (phase: PhaseResult) => number): Figure["of"] {
  return (phases) => phases.reduce((sum, phase) => sum + of(phase), 0) / phases.length;
}

function goals(well: readonly PhaseResult[], troubled: readonly PhaseResult[], all: readonly PhaseResult[]): readonly Goal[] {
  const [shown, , complete, , probe, , loop, cpu] = figures;
  const ratio = ({ of }: Figure): number => of(troubled) / of(well);
  const broken = all.reduce((sum, phase) => sum + phase.broken, 0);
  const whole = all.reduce((sum, phase) => sum + phase.whole, 0);
  return [
    atMost("until something is shown, beside trouble", ratio(shown), maxRatio, "times"),
    atMost("until all is shown, beside trouble", ratio(complete), maxRatio, "times"),
    atMost("a short question beside trouble, p50, more than otherwise", probe.of(troubled) - probe.of(well), maxProbeMs, "ms"),
    atMost("CPU per streamed answer, beside trouble", ratio(cpu), maxRatio, "times"),
    atMost("loop delay beside trouble, p99", loop.of(troubled), maxLoopDelayMs, "ms"),
    {
      what: "streamed answers whole and once",
      wanted: "all",
      measured: broken === 0 ? `all ${whole}` : `${broken} of ${whole + broken} not`,
      met: broken === 0,
      mustHold: true,
    },
  ];
}
