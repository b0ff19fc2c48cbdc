import { Option, type Command } from "commander";
import { examples } from "./examples.ts";

/** `hermes agent`. */
export function addAgentCommands(program: Command): void {
  const agent = program
    .command("agent")
    .description("see who answers, have another agent of this machine do so, and check the agents")
    .addHelpText("after", examples("hermes agent list", "hermes agent use 1", "hermes agent check"));
  addList(agent);
  addUse(agent);
  addCheck(agent);
}

function addList(agent: Command): void {
  agent
    .command("list")
    .description("list the agents that are configured, and those that were found on this machine")
    .addOption(new Option("--json", "print one JSON object for scripts"))
    .addHelpText(
      "after",
      `
Looks for programs on the PATH, for names of keys in the environment and in .env, and for Ollama and LM Studio on this machine, two seconds
at most. Nothing is started, and no key is read out.
${examples("hermes agent list", "hermes agent list --json")}`,
    )
    .action(async (options: { readonly json?: true }) => {
      const { listAgents } = await import("./agent/run-agent-list.ts");
      await listAgents(options);
    });
}

function addUse(agent: Command): void {
  agent
    .command("use")
    .argument("<offer>", "the number or the name of one that was found, as `hermes agent list` shows it")
    .option("--replace", "also where another agent is configured as `agents.main`")
    .description("have an agent of this machine answer")
    .addHelpText(
      "after",
      `
Writes it as \`agents.main\` into config.yaml and leaves everything else there as it is. Keys are named (\${OPENAI_API_KEY}), never written.
A gateway that runs takes it up when it restarts.

Exit codes: 0 written, 78 nothing like this was found, something has to be done first, or another agent is configured.
${examples("hermes agent use 1", "hermes agent use 'Claude Code'", "hermes agent use 'qwen3:8b in Ollama' --replace")}`,
    )
    .action(async (offer: string, options: { readonly replace?: true }) => {
      const { useAgent } = await import("./agent/run-agent-use.ts");
      await useAgent(offer, options);
    });
}

function addCheck(agent: Command): void {
  agent
    .command("check")
    .argument("[name]", "one agent of the configuration; default: all of them")
    .description("ask each configured agent whether it would answer, and say what to do")
    .addOption(new Option("--json", "print one JSON array for scripts"))
    .addHelpText(
      "after",
      `
Starts programs and calls servers as an answer would, but has no model answer, which would cost. No gateway needs to run.

Exit codes: 0 all would answer, 75 one would not, 78 wrong usage or configuration.
${examples("hermes agent check", "hermes agent check coder", "hermes agent check --json")}`,
    )
    .action(async (name: string | undefined, options: { readonly json?: true }) => {
      const { checkConfiguredAgents } = await import("./agent/run-agent-check.ts");
      await checkConfiguredAgents(name, options);
    });
}
