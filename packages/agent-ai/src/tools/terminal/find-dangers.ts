import { followFolders, type Surroundings } from "./command-places.ts";
import { codeRules, runsDownload } from "./rules/code.ts";
import { fileRules } from "./rules/files.ts";
import { gitRules } from "./rules/git.ts";
import { machineRules } from "./rules/machine.ts";
import type { DangerRule } from "./rules/rule.ts";
import { readShellCommands, type ShellCommand } from "./shell-commands.ts";
import { longestCommand, UnreadableCommand } from "./shell-tokens.ts";

/** What is dangerous about a command; several may be. */
export interface Danger {
  readonly id: string;
  readonly what: string;
  readonly mayBeRemembered: boolean;
}

const rules: readonly DangerRule[] = [...fileRules, ...codeRules, ...gitRules, ...machineRules];
/** `f(){ f|f& };f` in any spelling: something that calls itself twice, in the background. */
const forkBomb = /(?<![\w:.])([\w:.]+)\s*\(\s*\)\s*\{[^}]*\1\s*\|\s*\1\s*&/u;

/** What is dangerous about a command. A command that cannot be read is dangerous for that. Empty: nothing is known against it. */
export function findDangers(command: string, surroundings: Surroundings): readonly Danger[] {
  try {
    const commands = readShellCommands(command);
    return dangersOf(commands, followFolders(commands, surroundings));
  } catch (error) {
    if (!(error instanceof UnreadableCommand)) throw error;
    if (command.length <= longestCommand && forkBomb.test(command)) return [danger("fork-bomb", "starts itself again and again")];
    return [danger("unreadable", `cannot be judged: ${error.message}`)];
  }
}

function dangersOf(commands: readonly ShellCommand[], around: Surroundings): readonly Danger[] {
  const found = new Map<string, Danger>();
  for (const one of commands) {
    for (const rule of rules) {
      if (rule.names !== undefined && !rule.names.includes(one.name)) continue;
      if (rule.args !== undefined && !rule.args.test(one.args.map(({ text }) => text).join(" "))) continue;
      if (rule.when !== undefined && !rule.when(one, around)) continue;
      found.set(rule.id, danger(rule.id, rule.what, rule.mayBeRemembered));
    }
  }
  if (runsDownload(commands)) found.set("download-to-shell", danger("download-to-shell", "runs what it downloads"));
  return [...found.values()];
}

function danger(id: string, what: string, mayBeRemembered = false): Danger {
  return { id, what, mayBeRemembered };
}
