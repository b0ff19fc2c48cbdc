import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { cpuMs, machineCpuMs, residence } from "../measure/process-facts.ts";
import { ownProgram } from "../places.ts";
import { temporaryFolder } from "../processes/clean-up.ts";
import { webhookSecret } from "../processes/gateway.ts";
import type { LoopDelay } from "../processes/loop-delay.ts";
import { startProgram } from "../processes/program.ts";
import { Bot } from "./bot.ts";
import { Crowd, cycleMs, type CrowdFigures } from "./crowd.ts";
import { answerMs } from "./model.ts";
import { Neighbours } from "./neighbours.ts";
import { addressLine, asEnvironment } from "./set-up.ts";

const healthyBots = 2;
const connectWithinMs = 5000;
/** An answer that began at the last moment, and its last edit. */
const lateMs = answerMs + 8000;

/** What is measured, and for how long. */
export interface PhaseOptions {
  readonly streams: number;
  readonly warmMs: number;
  readonly measureMs: number;
  readonly inTrouble: boolean;
}

/** What was seen in one phase. */
export interface PhaseResult extends CrowdFigures {
  readonly inTrouble: boolean;
  readonly loopDelay: LoopDelay;
  readonly cpuMsPerAnswer: number;
  /** How much of one core. */
  readonly cpuLoad: number;
  readonly residentMb: number;
  readonly whole: number;
  readonly broken: number;
  /** How much of one core the people and the Bot APIs used: near 1 they are the limit, not the gateway. */
  readonly generatorLoad: number;
  /** How much of the cores everything else on this machine used. */
  readonly othersLoad: number;
  readonly neighbours: Neighbours["facts"];
}

/** A new gateway in a process of its own, two healthy bots and three neighbours; measured once everybody is everywhere in their answers. */
export async function measurePhase({ streams, warmMs, measureMs, inTrouble }: PhaseOptions): Promise<PhaseResult> {
  await using stack = new AsyncDisposableStack();
  const folder = stack.use(temporaryFolder());
  const bots: Bot[] = [];
  for (let number = 0; number < healthyBots; number += 1)
    bots.push(stack.use(await Bot.start(`healthy-${number + 1}`, number, "webhook")));
  const neighbours = stack.use(await Neighbours.start(healthyBots));
  if (inTrouble) neighbours.hang();
  const all = [...bots, ...neighbours.bots];
  const program = stack.use(
    await startProgram({
      script: ownProgram("trouble-child"),
      isWatched: true,
      environment: asEnvironment({
        databasePath: join(folder.path, "hermes.db"),
        webhookSecret,
        bots: all.map(({ setUp }) => setUp),
      }),
      folder: folder.path,
      ready: addressLine,
    }),
  );
  const url = `http://127.0.0.1:${addressLine.exec(program.readyLine)?.[1] ?? ""}`;
  for (const bot of all) bot.connectTo(url);
  await Promise.race([Promise.all(all.map((bot) => connected(bot))), setTimeout(connectWithinMs), program.failed]);
  const crowd = new Crowd(bots);
  crowd.begin(streams);
  neighbours.begin(inTrouble);
  await Promise.race([setTimeout(cycleMs + warmMs), program.failed]);

  crowd.take();
  const before = { atMs: performance.now(), cpuMs: cpuMs(program.pid), machineMs: machineCpuMs(), own: process.cpuUsage() };
  const tellLoop = program.watchLoop();
  await Promise.race([setTimeout(measureMs), program.failed]);
  const figures = crowd.take();
  const elapsedMs = performance.now() - before.atMs;
  const gatewayMs = cpuMs(program.pid) - before.cpuMs;
  const own = process.cpuUsage(before.own);
  const ownMs = (own.user + own.system) / 1000;
  const othersMs = machineCpuMs() - before.machineMs - ownMs - gatewayMs;
  const loopDelay = await tellLoop();
  const residentMb = residence(program.pid).totalBytes / 1e6;

  await Promise.race([crowd.end(lateMs), program.failed]);
  return {
    ...figures,
    ...crowd.tally,
    inTrouble,
    loopDelay,
    cpuMsPerAnswer: gatewayMs / figures.completeMs.length,
    cpuLoad: gatewayMs / elapsedMs,
    residentMb,
    generatorLoad: ownMs / elapsedMs,
    othersLoad: Math.max(0, othersMs / elapsedMs),
    neighbours: neighbours.facts,
  };
}

/** One that is kept from connecting has at least tried. */
function connected({ api }: Bot): Promise<void> {
  return api.until(() => api.callsOf("getMe").length > 0);
}
