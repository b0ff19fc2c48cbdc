import type { AgentManifest } from "@hermes/core";
import type { FindAgent } from "../platforms/find-manifest.ts";
import type { KeyFact } from "./keys.ts";
import type { Merged } from "./merge.ts";
import type { Problem } from "./problem.ts";
import { KeyReader, missingVariable, sectionProblem } from "./read-key.ts";
import { describeIssue, nest } from "./section.ts";
import { didYouMean } from "./suggest.ts";

/** The agent that answers where no route says otherwise. */
const main = "main";
/** The agent that needs no package. */
export const echoKind = "echo";

/** An agent somebody configured, before its section is checked. */
export type AgentInstance =
  | { readonly state: "found"; readonly name: string; readonly manifest: AgentManifest }
  | { readonly state: "echo"; readonly name: string }
  | { readonly state: "broken"; readonly name: string; readonly problem: Problem };

/** An agent that can be loaded; without a manifest it is `echo`. */
export interface AgentSection {
  readonly name: string;
  readonly manifest?: AgentManifest;
  /** What the manifest's own schema made of the section. */
  readonly configuration: unknown;
}

/** Keys that every agent's section has; they are the gateway's, not the agent's. */
export const agentKeys = [
  {
    key: "use",
    type: "text",
    description:
      "Kind of agent: `echo`, `ai` (a model with tools), `acp` (an agent of its own), or the name of a third party's package.",
  },
  { key: "inactivitySeconds", type: "text", description: "Of `agents.main` alone, for all agents." },
] as const satisfies readonly KeyFact[];

/** Those keys' names. */
export const agentReservedKeys: ReadonlySet<string> = new Set(agentKeys.map(({ key }) => key));

/** Every agent that is configured, and `main` in any case. */
export async function findAgents(merged: Merged, findAgent: FindAgent): Promise<readonly AgentInstance[]> {
  const names = new Set([main, ...merged.names(["agents"])]);
  return await Promise.all([...names].map((name) => findOne(name, merged, findAgent)));
}

async function findOne(name: string, merged: Merged, findAgent: FindAgent): Promise<AgentInstance> {
  const key = `agents.${name}`;
  if (!/^[a-z][a-z0-9_-]{0,31}$/u.test(name)) {
    const message = "an agent's name is short, in lower case";
    return { state: "broken", name, problem: { key, message, remedy: "Name it otherwise, such as `coder`." } };
  }
  const keys = new KeyReader(merged);
  const use = keys.text(["agents", name, "use"], agentKeys[0]);
  const [problem] = keys.problems;
  if (problem !== undefined) return { state: "broken", name, problem };
  if (use === undefined && name !== main) {
    const message = "it does not say which kind of agent it is";
    return { state: "broken", name, problem: { key: `${key}.use`, message, remedy: "Write `use: ai` or `use: acp` below it." } };
  }
  const kind = use?.value ?? echoKind;
  if (kind === echoKind) return { state: "echo", name };
  const manifest = await findAgent(kind);
  if (!("fault" in manifest)) return { state: "found", name, manifest };
  const source = use === undefined ? {} : { source: use.source };
  return {
    state: "broken",
    name,
    problem: {
      key: `${key}.use`,
      message: manifest.fault,
      remedy: `${manifest.remedy}${didYouMean(kind, [echoKind])}`,
      ...source,
    },
  };
}

/** Checks the agents' sections, each with its own manifest's schema. */
export async function checkAgents(
  instances: readonly AgentInstance[],
  merged: Merged,
): Promise<{ readonly agents: readonly AgentSection[]; readonly problems: readonly Problem[] }> {
  const checked = await Promise.all(instances.map((instance) => checkOne(instance, merged)));
  return {
    agents: checked.flatMap((outcome) => ("name" in outcome ? [outcome] : [])),
    problems: checked.flatMap((outcome) => ("name" in outcome ? [] : outcome.problems)),
  };
}

async function checkOne(
  instance: AgentInstance,
  merged: Merged,
): Promise<AgentSection | { readonly problems: readonly Problem[] }> {
  const { name } = instance;
  const root = ["agents", name];
  const section = sectionProblem(merged, root);
  if (section !== undefined) return { problems: [section] };
  if (instance.state === "broken") return { problems: [instance.problem] };
  if (instance.state === "echo") return { name, configuration: {} };
  const winners = merged.under(root).filter(({ setting }) => !agentReservedKeys.has(setting.path[2] ?? ""));
  const missing = winners.map(({ setting }) => missingVariable(setting)).filter((problem) => problem !== undefined);
  if (missing.length > 0) return { problems: missing };
  const { manifest } = instance;
  try {
    const result = await manifest.configuration["~standard"].validate(nest(winners, root));
    if (result.issues === undefined) return { name, manifest, configuration: result.value };
    return { problems: result.issues.map((issue) => describeIssue(issue, { root, manifest, merged, winners })) };
  } catch (error) {
    // Its message might quote a secret of the section.
    const kind = error instanceof Error ? error.name : typeof error;
    const message = `its package's own check failed with ${kind}`;
    return { problems: [{ key: root.join("."), message, remedy: "Ask the package's author." }] };
  }
}
