import type { AgentOffer, Json, Machine } from "@hermes/core";

/** An agent that is known to speak the protocol, and how it is begun. */
interface KnownAgent {
  readonly label: string;
  /** Names of the program, the one in use today first. */
  readonly programs: readonly string[];
  readonly args: readonly string[];
  /** Keys that it takes instead of a login. */
  readonly keys: readonly string[];
  /** Without `programs`: a program that shows that people use this agent, and what to install for it to speak the protocol. */
  readonly adapter?: { readonly of: string; readonly install: string };
}

// Each from the agent's own documentation: github.com/agentclientprotocol/{claude-agent-acp,codex-acp}, geminicli.com/docs/cli/acp-mode,
// opencode.ai/docs/cli/acp, goose's guide to ACP clients.
const knownAgents: readonly KnownAgent[] = [
  {
    label: "Claude Code",
    programs: ["claude-agent-acp", "claude-code-acp"],
    args: [],
    keys: ["ANTHROPIC_API_KEY"],
    adapter: { of: "claude", install: "@agentclientprotocol/claude-agent-acp" },
  },
  {
    label: "Codex",
    programs: ["codex-acp"],
    args: [],
    keys: ["OPENAI_API_KEY", "CODEX_API_KEY"],
    adapter: { of: "codex", install: "@agentclientprotocol/codex-acp" },
  },
  { label: "Gemini CLI", programs: ["gemini"], args: ["--acp"], keys: ["GEMINI_API_KEY", "GOOGLE_API_KEY"] },
  { label: "OpenCode", programs: ["opencode"], args: ["acp"], keys: [] },
  { label: "Goose", programs: ["goose"], args: ["acp"], keys: [] },
];

/** What every program needs to find its own files and its login. No more: what a terminal has and a service has not would keep that from starting. */
const plainVariables = ["PATH", "HOME"];

/** The agents on this machine that speak the protocol; those that want an adapter first come last. */
export async function detect(machine: Machine): Promise<readonly AgentOffer[]> {
  const found: AgentOffer[] = [];
  const unready: AgentOffer[] = [];
  for (const known of knownAgents) {
    const program = await firstProgram(machine, known.programs);
    if (program !== undefined) {
      found.push({ label: known.label, section: sectionOf(program, known, machine) });
    } else if (known.adapter !== undefined && (await machine.findProgram(known.adapter.of)) !== undefined) {
      const [name = known.adapter.of] = known.programs;
      unready.push({
        label: known.label,
        section: sectionOf(name, known, machine),
        hint: `Install its adapter first: npm install --global ${known.adapter.install}`,
      });
    }
  }
  return [...found, ...unready];
}

async function firstProgram(machine: Machine, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const path = await machine.findProgram(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

function sectionOf(command: string, { args, keys }: KnownAgent, machine: Machine): { readonly [key: string]: Json } {
  const names = [...plainVariables, ...keys].filter((name) => machine.hasVariable(name));
  const environment = Object.fromEntries(names.map((name) => [name, `\${${name}}`]));
  return { use: "acp", command, ...(args.length === 0 ? {} : { args }), environment };
}
