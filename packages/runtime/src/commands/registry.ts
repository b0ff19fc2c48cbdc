import type { PlatformEvent } from "@hermes/core";
import { isCommandText } from "../admission.ts";
import type { Command, CommandCall, CommandContext } from "./command.ts";
import { busyCommand } from "./busy.ts";
import { helpCommand } from "./help.ts";
import { newCommand } from "./new.ts";
import { platformCommand } from "./platform.ts";
import { queueCommand } from "./queue.ts";
import { restartCommand } from "./restart.ts";
import { retryCommand } from "./retry.ts";
import { setHomeCommand } from "./set-home.ts";
import { statusCommand } from "./status.ts";
import { steerCommand } from "./steer.ts";
import { stopCommand } from "./stop.ts";
import { whoamiCommand } from "./whoami.ts";

/** Every command there is, in the order `/help` lists them. */
export const commands: readonly Command[] = [
  newCommand,
  stopCommand,
  retryCommand,
  queueCommand,
  steerCommand,
  busyCommand,
  statusCommand,
  setHomeCommand,
  platformCommand,
  restartCommand,
  whoamiCommand,
  helpCommand,
];

const byName = new Map(commands.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command] as const)));

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

/** Runs a call by its exact name: a beginning of a name never runs a command. */
export async function runCommand(call: CommandCall, context: Omit<CommandContext, "arguments" | "commands">): Promise<string> {
  const { session, catalogue } = context;
  const command = byName.get(call.name);
  if (command === undefined) return catalogue.unknownCommand(call.name);
  if (command.who === "admins" && !session.isAdmin) return catalogue.forAdminsOnly(command.name);
  return await command.run({ ...context, arguments: call.arguments, commands });
}

/** The command that a text gives, if it gives one: known or not. */
export function commandCallIn(text: string): CommandCall | undefined {
  if (!isCommandText(text)) return undefined;
  const [first = "", ...rest] = text.split(/\s/u);
  return { name: first.slice(1).toLowerCase(), arguments: rest.join(" ").trim() };
}
