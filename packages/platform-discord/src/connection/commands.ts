import { z } from "zod";
import { capabilityTable } from "../capabilities.ts";
import { shorten } from "../encode/shorten.ts";

/** A command as people and the gateway name it. */
export interface NamedCommand {
  readonly name: string;
  readonly description: string;
}

/** "Command names must match …" in lower case, 1 to 32 letters, digits, - and _ (Application Command Naming). */
const commandName = /^[a-z0-9_-]{1,32}$/u;
/** "Description … 1-100 characters". */
const maxDescriptionLength = 100;
/** A command that is typed, an option that is text, in servers and in direct messages with the bot, for who added it to a server. */
const typed = 1;
const text = 3;
const contexts = [0, 1];
const integrations = [0];

/** The commands as Discord takes them, and the names that it does not take: they can be written as messages all the same. */
export function menuOf(commands: readonly NamedCommand[]): {
  readonly menu: readonly object[];
  readonly leftOut: readonly string[];
} {
  const menu = new Map<string, string>();
  const leftOut: string[] = [];
  for (const { name, description } of commands) {
    const words = description.toWellFormed().trim();
    const fits = commandName.test(name.toLowerCase()) && words !== "" && menu.size < capabilityTable.commands.max;
    if (!fits || menu.has(name.toLowerCase())) leftOut.push(name);
    else menu.set(name.toLowerCase(), shorten(words, maxDescriptionLength));
  }
  return { menu: [...menu].map(([name, description]) => commandOf(name, description)), leftOut };
}

function commandOf(name: string, description: string): object {
  const options = [{ type: text, name: "arguments", description: "What follows the command", required: false }];
  return { type: typed, name, description, options, contexts, integration_types: integrations };
}

const published = z.object({
  type: z.number().default(typed),
  name: z.string(),
  description: z.string(),
  options: z.array(z.object({ type: z.number(), name: z.string(), description: z.string() })).default([]),
  contexts: z.array(z.number()).nullish(),
});

/** Whether what stands at Discord is this menu: publishing it anew is rationed, and people's clients forget their choices. */
export function isPublished(menu: readonly object[], standing: readonly unknown[]): boolean {
  const facts = (commands: readonly unknown[]): string =>
    JSON.stringify(
      commands
        .map((command) => published.safeParse(command).data ?? { name: "?" })
        .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    );
  return menu.length === standing.length && facts(menu) === facts(standing);
}
