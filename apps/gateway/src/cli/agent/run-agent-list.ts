import type { AgentInstance } from "../../config/agent-sections.ts";
import { echoKind } from "../../config/agent-sections.ts";
import { describeProblem } from "../../config/problem.ts";
import { describeSource } from "../../config/setting.ts";
import type { Offers } from "../../first-start/find-offers.ts";
import { printable } from "../../log/printable.ts";
import { asJson } from "../ledger/as-json.ts";
import { look, type Look } from "./look.ts";

/** `hermes agent list`. */
export async function listAgents({ json }: { readonly json?: true }): Promise<void> {
  const seen = await look();
  process.stdout.write(json === true ? asJson(inJson(seen)) : showAgents(seen));
}

function inJson({ layered, offers }: Look): object {
  return {
    agents: layered.agentInstances.map((agent) => ({ name: agent.name, kind: kindOf(agent) ?? null })),
    found: offers.ready.map(({ label, section }, index) => ({ number: index + 1, label, section })),
    unready: offers.unready.map(({ label, section, hint }) => ({ label, section, hint })),
  };
}

/** Who is configured, then what was found, each with the number that `hermes agent use` takes. */
export function showAgents({ layered, offers }: Look): string {
  const configured = layered.agentInstances.map((agent) => {
    const source = layered.merged.get(["agents", agent.name, "use"])?.setting.source;
    const from = source === undefined ? "" : ` (${describeSource(source)})`;
    return agent.state === "broken" ? describeProblem(agent.problem) : `${agent.name}: ${kindOf(agent)}${from}`;
  });
  return `${[...configured, "", ...showOffers(offers)].map(printable).join("\n")}\n`;
}

function showOffers({ ready, unready, missing }: Offers): readonly string[] {
  const numbered = ready.map(({ label }, index) => `  ${index + 1}  ${label}`);
  const hints = unready.map(({ label, hint }) => `  -  ${label}: ${hint}`);
  const found = [...numbered, ...hints];
  return [
    ...(found.length === 0 ? [nothing] : ["Found on this machine:", ...found]),
    ...(ready.length === 0 ? [] : ["Have one of them answer: hermes agent use <number>"]),
    ...(missing.length === 0 ? [] : ["Packages that would know more:", ...missing.map((remedy) => `  ${remedy}`)]),
  ];
}

const nothing =
  "No agent was found on this machine. Install one, such as Claude Code or Ollama, or put a key such as OPENAI_API_KEY=… into the home's .env";

function kindOf(agent: AgentInstance): string | undefined {
  switch (agent.state) {
    case "found":
      return agent.manifest.kind;
    case "echo":
      return echoKind;
    case "broken":
      return undefined;
  }
}
