import { capabilityTable } from "../capabilities.ts";

/** A command as people and the gateway name it. */
export interface NamedCommand {
  readonly name: string;
  readonly description: string;
}

/** "Can contain only lowercase English letters, digits and underscores", 1 to 32 of them (Bot API, BotCommand). */
const menuName = /^[a-z0-9_]{1,32}$/u;
/** "Description of the command; 1-256 characters" (Bot API, BotCommand). */
const maxDescriptionLength = 256;

/** The menu of a bot, and the names that cannot stand in it: they can be typed all the same. */
export function menuOf(commands: readonly NamedCommand[]): {
  readonly menu: readonly { readonly command: string; readonly description: string }[];
  readonly leftOut: readonly string[];
} {
  const menu = new Map<string, string>();
  const leftOut: string[] = [];
  for (const { name, description } of commands) {
    const command = name.toLowerCase();
    const words = description.toWellFormed().trim();
    const fits = menuName.test(command) && words !== "" && menu.size < capabilityTable.commands.max;
    if (!fits || menu.has(command)) leftOut.push(name);
    else menu.set(command, shortened(words));
  }
  return { menu: [...menu].map(([command, description]) => ({ command, description })), leftOut };
}

function shortened(words: string): string {
  return words.length <= maxDescriptionLength
    ? words
    : `${words.slice(0, maxDescriptionLength - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
