import type { Agent, AgentTask, PlatformEvent } from "@hermes/core";
import { isCommandText } from "../admission.ts";
import type { Roster } from "../agents/roster.ts";
import { agentsCommand, reloadCommand } from "./agents.ts";
import { approveCommand, denyCommand, yoloCommand } from "./approve.ts";
import { asideCommand, backgroundCommand, compressCommand } from "./background.ts";
import type { Command, CommandAnswer, CommandCall, CommandContext } from "./command.ts";
import { busyCommand } from "./busy.ts";
import { helpCommand } from "./help.ts";
import { newCommand } from "./new.ts";
import { platformCommand } from "./platform.ts";
import { queueCommand } from "./queue.ts";
import { restartCommand } from "./restart.ts";
import { retryCommand } from "./retry.ts";
import { settingCommand } from "./setting.ts";
import { setHomeCommand } from "./set-home.ts";
import { statusCommand } from "./status.ts";
import { steerCommand } from "./steer.ts";
import { stopCommand } from "./stop.ts";
import { undoCommand } from "./undo.ts";
import { usageCommand } from "./usage.ts";
import { whoamiCommand } from "./whoami.ts";

/** The commands that there are, whatever the agents can do. */
const everywhere: readonly Command[] = [
  newCommand,
  stopCommand,
  retryCommand,
  queueCommand,
  steerCommand,
  busyCommand,
  backgroundCommand,
  agentsCommand,
  usageCommand,
  approveCommand,
  denyCommand,
  yoloCommand,
  statusCommand,
  setHomeCommand,
  platformCommand,
  restartCommand,
  whoamiCommand,
  helpCommand,
];

/** The commands of one gateway: those that there are everywhere, and those that its agents make. */
export class CommandRegistry {
  /** In the order `/help` lists them. */
  readonly list: readonly Command[];
  readonly #byName: ReadonlyMap<string, Command>;

  constructor(roster: Pick<Roster, "all" | "settingIds">) {
    const has = (can: (agent: Agent) => boolean): boolean => roster.all.some(can);
    const takes = (task: AgentTask["kind"]) => has(({ features }) => features.tasks?.includes(task) === true);
    const known = [
      ...everywhere,
      ...(has(({ features }) => features.undo) ? [undoCommand] : []),
      ...(takes("compress") ? [compressCommand] : []),
      ...(takes("aside") ? [asideCommand] : []),
      ...(has((agent) => agent.reload !== undefined) ? [reloadCommand] : []),
    ];
    const names = new Set(known.flatMap(({ name, aliases }) => [name, ...aliases]));
    // A setting that is called like a command of ours has no command of its own.
    const settings = roster.settingIds.filter((id) => !names.has(id)).map(settingCommand);
    this.list = [...known.slice(0, 3), ...settings, ...known.slice(3)];
    this.#byName = new Map(
      this.list.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command] as const)),
    );
  }

  /** Runs a call by its exact name: a beginning of a name never runs a command. */
  async run(call: CommandCall, context: Omit<CommandContext, "arguments" | "commands">): Promise<string | CommandAnswer> {
    const { session, catalogue } = context;
    const command = this.#byName.get(call.name);
    if (command === undefined) return catalogue.unknownCommand(call.name);
    if (command.who === "admins" && !session.isAdmin) return catalogue.forAdminsOnly(command.name);
    return await command.run({ ...context, arguments: call.arguments, commands: this.list });
  }
}

/** The command an event gives, if it gives one: known or not. */
export function commandCallOf(event: PlatformEvent): CommandCall | undefined {
  switch (event.type) {
    case "command":
      return { name: event.name.toLowerCase(), arguments: event.arguments.trim() };
    case "control":
      return event.control === "stop" ? { name: stopCommand.name, arguments: "" } : undefined;
    case "message":
      return commandCallIn(event.text);
    default:
      return undefined;
  }
}

/** The command that a text gives, if it gives one: known or not. */
export function commandCallIn(text: string): CommandCall | undefined {
  if (!isCommandText(text)) return undefined;
  const [first = "", ...rest] = text.split(/\s/u);
  return { name: first.slice(1).toLowerCase(), arguments: rest.join(" ").trim() };
}
