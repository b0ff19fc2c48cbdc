import type { AgentSetting } from "@hermes/core";
import type { Command, CommandAnswer, CommandContext } from "./command.ts";

const askTimeoutMs = 8000;
/** More buttons than these nobody reads. */
const maxButtons = 12;

/** The command that shows one of an agent's settings, and chooses it. */
export function settingCommand(id: string): Command {
  return {
    name: id,
    aliases: [],
    usage: "[name]",
    description: (catalogue) => catalogue.agents.helpSetting(id),
    run: (context) => runSetting(id, context),
  };
}

async function runSetting(id: string, context: CommandContext): Promise<string | CommandAnswer> {
  const { session, arguments: given, catalogue } = context;
  const { agents: words } = catalogue;
  const { value, scope } = parse(given);
  if (scope === "agent" && !session.isAdmin) return catalogue.forAdminsOnly(`${id} --global`);
  const signal = AbortSignal.timeout(askTimeoutMs);
  let setting: AgentSetting | undefined;
  try {
    setting = (await session.agent.settings(signal)).find((each) => each.id === id);
  } catch {
    return words.settingsFailed(id);
  }
  if (setting === undefined) return words.noSettings(id);
  if (value === "") return { text: words.setting(setting), choices: choicesOf(setting) };
  if (value === "default") {
    await session.agent.choose(id, undefined, scope, signal);
    return words.chosenBack(setting.name);
  }
  const named = setting.options[Number(value) - 1]?.id;
  const meant = setting.options.find((option) => option.id === value) === undefined && /^\d{1,2}$/u.test(value) ? named : value;
  const chosen = await session.agent.choose(id, meant ?? value, scope, signal);
  return "refusal" in chosen ? words.refused(chosen.refusal) : words.chosen(setting.name, chosen.value, scope === "agent");
}

function parse(given: string): { readonly value: string; readonly scope: "session" | "agent" } {
  const wanted = given.split(/\s+/u).filter((word) => word !== "");
  const isGlobal = wanted.includes("--global");
  return { value: wanted.filter((word) => word !== "--global").join(" "), scope: isGlobal ? "agent" : "session" };
}

function choicesOf({ id, options, current }: AgentSetting): CommandAnswer["choices"] {
  return options
    .filter((option) => option.id !== current)
    .slice(0, maxButtons)
    .map((option) => ({ label: option.label, command: `/${id} ${option.id}` }));
}
