import { systemClock } from "@hermes/core";
import { checkAgentsNow, type AgentCheck } from "../../agents/check-agents.ts";
import type { AgentSection } from "../../config/agent-sections.ts";
import { GatewayError } from "../../config/problem.ts";
import { didYouMean } from "../../config/suggest.ts";
import { printable } from "../../log/printable.ts";
import { createProcessLog } from "../../log/process-log.ts";
import { createRedactor } from "../../log/redactor.ts";
import { asJson } from "../ledger/as-json.ts";
import { loadOwnConfiguration } from "../load.ts";

/** `hermes agent check [name]`: the exit code is 0 where all would answer, and 75 where one would not. */
export async function checkConfiguredAgents(name: string | undefined, { json }: { readonly json?: true }): Promise<void> {
  const { configuration, environment } = await loadOwnConfiguration();
  const redactor = createRedactor();
  for (const secret of configuration.secrets) redactor.add(secret);
  const log = createProcessLog(environment, redactor);
  // What an agent tells while it starts would stand round the answer.
  log.setLevel(configuration.settings.logLevel === "debug" ? "debug" : "error");
  const host = {
    home: configuration.home,
    logger: log,
    clock: systemClock,
    conceal: (secret: string) => redactor.add(secret),
    gateway: () => undefined,
  };
  const stopping = new AbortController();
  // Whatever was started for the check ends with it. A second one ends the process.
  process.once("SIGINT", () => stopping.abort(new GatewayError("The check was broken off", { exitCode: 75 })));
  const checks = await checkAgentsNow(chosen(configuration.agents, name), host, stopping.signal);
  process.stdout.write(redactor.redact(json === true ? asJson(checks) : showChecks(checks)));
  if (checks.some(({ state }) => state === "failed")) process.exitCode = 75;
}

function chosen(agents: readonly AgentSection[], name: string | undefined): readonly AgentSection[] {
  const found = agents.filter((agent) => name === undefined || agent.name === name);
  if (name === undefined || found.length > 0) return found;
  const names = agents.map((agent) => agent.name);
  const known = `there ${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
  throw new GatewayError(`No agent "${printable(name)}" is configured: ${known}.${didYouMean(name, names)}`, { exitCode: 78 });
}

const words: Readonly<Record<AgentCheck["state"], string>> = { ok: "ok", skipped: "not asked", failed: "does not work" };

function showChecks(checks: readonly AgentCheck[]): string {
  const lines = checks.flatMap((check) => [
    `${check.name}: ${words[check.state]}. ${check.summary}.`,
    ...(check.state === "failed" ? check.remedy.split("\n").map((line) => `    ${line}`) : []),
  ]);
  return `${lines.map(printable).join("\n")}\n`;
}
