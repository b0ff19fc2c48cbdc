import type { PlatformEvent } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import { isCommandText } from "../admission.ts";
import type { Command, CommandCall, CommandSession } from "./command.ts";
import { helpCommand } from "./help.ts";
import { newCommand } from "./new.ts";
import { retryCommand } from "./retry.ts";
import { statusCommand } from "./status.ts";
import { stopCommand } from "./stop.ts";
import { whoamiCommand } from "./whoami.ts";

/** Every command there is, in the order `/help` lists them. */
export const commands: readonly Command[] = [newCommand, stopCommand, retryCommand, statusCommand, whoamiCommand, helpCommand];

const byName = new Map(commands.flatMap((command) => [command.name, ...command.aliases].map((name) => [name, command] as const)));

/** The command an event gives, if it gives one: known or not. */
export function commandCallOf(event: PlatformEvent): CommandCall | undefined {
  switch (event.type) {
    case "command":
      return { name: event.name.toLowerCase(), arguments: event.arguments.trim() };
    case "control":
      return event.control === "stop" ? { name: stopCommand.name, arguments: "" } : undefined;
    case "message":
      return isCommandText(event.text) ? parseCommand(event.text) : undefined;
    default:
      return undefined;
  }
}

/** Runs a call by its exact name: a beginning of a name never runs a command. */
export async function runCommand(call: CommandCall, session: CommandSession, catalogue: Catalogue): Promise<string> {
  const command = byName.get(call.name);
  return command === undefined ? catalogue.unknownCommand(call.name) : await command.run(session, catalogue, commands);
}

function parseCommand(text: string): CommandCall {
  const [first = "", ...rest] = text.split(/\s/u);
  return { name: first.slice(1).toLowerCase(), arguments: rest.join(" ").trim() };
}
