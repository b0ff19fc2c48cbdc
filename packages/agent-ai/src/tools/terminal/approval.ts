import type { ApprovalRequest } from "../../tool.ts";
import type { Surroundings } from "./command-places.ts";
import type { TerminalConfiguration } from "./configuration.ts";
import { findDangers, type Danger } from "./find-dangers.ts";
import { readShellTokens, UnreadableCommand } from "./shell-tokens.ts";

/** What is to happen before a command is run. */
export type Verdict =
  | { readonly kind: "run" }
  | { readonly kind: "ask"; readonly request: ApprovalRequest }
  | { readonly kind: "refuse"; readonly why: string };

/** Decides whether a command is run, asked about or refused. */
export function judgeCommand(
  command: string,
  folder: string,
  { approval = "dangerous", allow = [] }: TerminalConfiguration,
  surroundings: Surroundings,
): Verdict {
  if (allow.some((allowed) => isAllowed(command, allowed))) return { kind: "run" };
  const dangers = findDangers(command, surroundings);
  switch (approval) {
    case "never-run-dangerous":
      return dangers.length === 0
        ? { kind: "run" }
        : { kind: "refuse", why: `The command ${inWords(dangers)}: that is never run here.` };
    case "dangerous":
      return dangers.length === 0 ? { kind: "run" } : { kind: "ask", request: requestFor(command, folder, dangers) };
    case "always":
      return { kind: "ask", request: requestFor(command, folder, dangers) };
  }
}

/**
 * An allowed text is the whole command, character by character. An allowed beginning counts for one program alone, whose arguments are
 * plain words: behind `git status` nothing else can hide.
 */
function isAllowed(command: string, allowed: string | readonly string[]): boolean {
  if (typeof allowed === "string") return command === allowed;
  try {
    const tokens = readShellTokens(command);
    const words = tokens.map((token) => (token.kind === "word" ? token.word : undefined));
    if (words.some((word) => word === undefined || word.isDynamic || word.hasGlob)) return false;
    return allowed.every((text, index) => words[index]?.text === text);
  } catch (error) {
    if (error instanceof UnreadableCommand) return false;
    throw error;
  }
}

/** What is remembered stands for one danger only, and never for a command that could not be judged. */
function requestFor(command: string, folder: string, dangers: readonly Danger[]): ApprovalRequest {
  const [first, ...more] = dangers;
  const exact = `${command}\n(in ${folder})`;
  if (first === undefined) return { reason: "Runs a command.", exact, remember: "terminal:harmless" };
  const reason = `Runs a command that ${inWords(dangers)}.`;
  return first.mayBeRemembered && more.length === 0 ? { reason, exact, remember: `terminal:${first.id}` } : { reason, exact };
}

function inWords(dangers: readonly Danger[]): string {
  return dangers.map(({ what }) => what).join(", and ");
}
