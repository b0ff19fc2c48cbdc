import { readdirSync, readFileSync } from "node:fs";
import { realpath } from "node:fs/promises";
import type { Json } from "@hermes/core";
import { onTestFinished } from "vitest";
import { startModelServer, type ModelScript, type ModelServer } from "../../../../packages/agent-ai/test/server.ts";
import { startHermes, type Hermes } from "../cli/hermes.ts";
import { temporaryHome } from "../temporary-home.ts";
import { obedientModel } from "./obedient-model.ts";
import { slackStage } from "./slack-stage.ts";
import { until, type Stage, type StageName } from "./stage.ts";
import { telegramStage } from "./telegram-stage.ts";
import { webStage } from "./web-stage.ts";

/** The key that the model's server takes, which must show nowhere. */
export const modelKey = "sk-a-key-of-the-model-for-tests";

type Section = Readonly<Record<string, Json>>;

/** How a gateway with a model behind it is configured. */
export interface AgentHouseOptions {
  /** Default: a model that does what it reads. */
  readonly script?: ModelScript;
  /** More of `agents.main`, in the place of what stands there by default. */
  readonly agent?: Section;
  /** More of `agents.main.tools`; `roots` is the work folder. */
  readonly tools?: Section;
  /** More of the configuration. */
  readonly rest?: Section;
}

/** A home with a model behind it on these stages, and a folder for its work beside it. */
export interface AgentHouse {
  readonly home: string;
  readonly work: string;
  readonly model: ModelServer;
  /** A gateway that is ready and listens everywhere. */
  readonly serve: () => Promise<Hermes>;
  /** Ends a gateway as a power cut does. */
  readonly kill: (hermes: Hermes) => Promise<void>;
}

/** Opens the stage of a name; it is closed when the test ends. */
export async function openStage(name: StageName): Promise<Stage> {
  switch (name) {
    case "telegram":
      return await telegramStage();
    case "slack":
      return await slackStage();
    case "web":
      return webStage();
  }
}

/** Opens such a house; all of it ends with the test. */
export async function agentHouse(stages: readonly Stage[], options: AgentHouseOptions = {}): Promise<AgentHouse> {
  const { script = obedientModel(), agent = {}, tools = {}, rest = {} } = options;
  const model = await startModelServer({ script, apiKey: modelKey, models: ["model", "other"] });
  onTestFinished(() => model.close());
  const work = await realpath(await temporaryHome());
  const main = {
    use: "ai",
    model: "local:model",
    models: ["local:other"],
    providers: { local: { baseUrl: model.baseUrl, apiKey: "${MODEL_KEY}" } },
    toolSets: { default: ["terminal", "files", "web", "memory", "clarify", "messages"] },
    tools: { roots: [work], ...tools },
    ...agent,
  };
  const platforms = Object.fromEntries(stages.flatMap(({ name, section }) => (section === undefined ? [] : [[name, section]])));
  const web = stages.find(({ name }) => name === "web");
  const server = { port: 0, ...(web === undefined ? {} : { token: web.secrets[0] ?? "" }) };
  // JSON is YAML.
  const configuration = JSON.stringify({ server, platforms, agents: { main }, ...rest });
  const home = await temporaryHome({ "config.yaml": configuration, ".env": `MODEL_KEY=${modelKey}\n` });
  return {
    home,
    work,
    model,
    async serve() {
      const hermes = startHermes(["gateway", "run"], { home });
      const url = /http:\/\/[^\s/]+/u.exec(await hermes.line(/ready/u))?.[0] ?? "";
      for (const { name, section } of stages) {
        if (section !== undefined) await hermes.errorLine(new RegExp(`\\[${name}\\] Connected as`, "u"));
      }
      for (const stage of stages) await stage.join(url);
      return hermes;
    },
    async kill(hermes) {
      hermes.process.kill("SIGKILL");
      await hermes.ended();
    },
  };
}

/** Whether a process on this machine was started with exactly this command. */
export function isRunning(...argv: readonly string[]): boolean {
  return pidsOf(...argv).length > 0;
}

function pidsOf(...argv: readonly string[]): readonly number[] {
  const wanted = `${argv.join("\0")}\0`;
  const all = readdirSync("/proc").filter((entry) => /^\d+$/u.test(entry));
  return all.filter((pid) => commandLineOf(pid) === wanted).map(Number);
}

/** What a process was started with, each argument ended by a zero byte; nothing of one that has ended. */
export function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** Waits until a process with this command runs, or does not any more. */
export async function untilRunning(isWanted: boolean, ...argv: readonly string[]): Promise<void> {
  await until(
    () => isRunning(...argv) === isWanted,
    () => `${argv.join(" ")} ${isWanted ? "runs" : "ended"}`,
  );
}

let seconds = 30_000 + (process.pid % 10_000) * 10;

/** A time to sleep for that no other test has. Who still sleeps so long when the test ends is woken: a gateway that was killed cannot. */
export function longSleep(): string {
  const time = String((seconds += 1));
  onTestFinished(() => {
    for (const pid of pidsOf("sleep", time)) process.kill(pid, "SIGKILL");
  });
  return time;
}
