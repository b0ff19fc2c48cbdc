import type { Surroundings } from "../command-places.ts";
import type { ShellCommand } from "../shell-commands.ts";

/** One kind of danger. Several rules may stand for the same kind. */
export interface DangerRule {
  /** Stands for it in what is remembered; means the same for ever. */
  readonly id: string;
  /** As people read it: the command … */
  readonly what: string;
  /** Whether a person may say that it need not be asked about again. Only where the worst of what it covers stays inside the roots. */
  readonly mayBeRemembered?: true;
  /** The programs it is about. Absent: whichever it is. */
  readonly names?: readonly string[];
  /** Of the arguments, joined by spaces. Absent: whatever they are. */
  readonly args?: RegExp;
  /** What else has to hold. */
  readonly when?: (command: ShellCommand, surroundings: Surroundings) => boolean;
}

/** Names with spaces between them. */
export function list(names: string): readonly string[] {
  return names.split(" ");
}

/** The texts of a command's arguments. */
export function textsOf({ args }: Pick<ShellCommand, "args">): readonly string[] {
  return args.map(({ text }) => text);
}
