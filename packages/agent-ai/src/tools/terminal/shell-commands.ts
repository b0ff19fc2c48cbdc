import { readShellTokens, UnreadableCommand, type ShellWord } from "./shell-tokens.ts";

/** One program that a command runs, with all that is known of it. */
export interface ShellCommand {
  /** The program's name without its folder, in lower case. Empty where only variables are set or a file is redirected. */
  readonly name: string;
  /** The program as it was written. */
  readonly program: string;
  readonly args: readonly ShellWord[];
  readonly assignments: readonly string[];
  readonly redirects: readonly { readonly operator: string; readonly target: string }[];
  /** The programs before it whose output it reads. */
  readonly fedBy: readonly ShellCommand[];
}

const deepest = 3;
const mostCommands = 50;
/** Words that begin, continue or end something around commands. */
const openers: ReadonlySet<string> = new Set(["if", "then", "else", "elif", "while", "until", "do", "!", "{"]);
const closers: ReadonlySet<string> = new Set(["fi", "done", "}"]);
const shells: ReadonlySet<string> = new Set(["sh", "bash", "dash", "zsh", "ksh", "ash", "fish", "mksh"]);
/** Programs that run what their arguments name, and how many operands stand before that. */
const wrappers: ReadonlyMap<string, number> = new Map([
  ...(
    "command builtin exec env nohup nice ionice time timeout gtimeout stdbuf setsid xargs gxargs busybox toybox watch parallel strace ltrace " +
    "chrt taskset caffeinate script sudo doas unshare nsenter runuser setpriv npx su prlimit linux32 linux64 numactl choom fakeroot proot firejail " +
    "ssh-agent dbus-run-session dbus-launch systemd-inhibit xvfb-run eatmydata unbuffer chpst softlimit watchexec entr hyperfine valgrind coproc"
  )
    .split(" ")
    .map((name) => [name, 0] as const),
  ["flock", 1],
  ["chroot", 1],
  ["setarch", 1],
]);
/** Programs that do so behind a word. */
const runners: ReadonlyMap<string, RegExp> = new Map([
  ["npm", /^(?:exec|x)$/u],
  ["pnpm", /^exec$/u],
  ["yarn", /^exec$/u],
  ["uv", /^run$/u],
  ["poetry", /^run$/u],
  ["pipenv", /^run$/u],
  ["bundle", /^exec$/u],
  ["perf", /^(?:stat|record|trace)$/u],
]);
const finders: ReadonlySet<string> = new Set(["find", "gfind", "fd"]);
/** Programs to which it makes no difference what a variable says. */
const tolerant: ReadonlySet<string> = new Set(["", "echo", "printf", "test", "[", "true", ":", "for", "basename", "dirname"]);

/**
 * Every program that a command would run, those in substitutions, behind wrappers and in `sh -c` included.
 *
 * @throws UnreadableCommand where that cannot be told.
 */
export function readShellCommands(command: string, depth = 0): readonly ShellCommand[] {
  if (depth > deepest) throw new UnreadableCommand("commands are nested too deep in it");
  const found: ShellCommand[] = [];
  for (const simple of simpleCommands(command)) {
    for (const inner of simple.inner) found.push(...readShellCommands(inner, depth + 1));
    if (simple.command === undefined) continue;
    found.push(simple.command, ...wrapped(simple.command, depth));
    if (found.length > mostCommands) throw tooMany();
  }
  return found;
}

/** Whether a program is a shell. */
export function isShell(name: string): boolean {
  return shells.has(name);
}

interface Simple {
  readonly command: ShellCommand | undefined;
  readonly inner: readonly string[];
}

function simpleCommands(text: string): readonly Simple[] {
  const found: Simple[] = [];
  let words: ShellWord[] = [];
  let redirects: { operator: string; target: string }[] = [];
  let redirecting: string | undefined;
  let fedBy: ShellCommand[] = [];
  const inner: string[] = [];
  const close = (by: string): void => {
    if (redirecting !== undefined) throw new UnreadableCommand("a redirection leads nowhere");
    const command = words.length + redirects.length === 0 ? undefined : toCommand(words, redirects, fedBy);
    found.push({ command, inner: inner.splice(0) });
    if (found.length > 2 * mostCommands) throw tooMany();
    if (by !== "|" && by !== "|&" && by !== ")") fedBy = [];
    else if (command !== undefined) fedBy = [...fedBy, command];
    words = [];
    redirects = [];
  };
  for (const token of readShellTokens(text)) {
    switch (token.kind) {
      case "operator":
        if (token.text === ";;") throw new UnreadableCommand("a case stands in it");
        if (token.text === "(" && words.length > 0) throw new UnreadableCommand("a function stands in it");
        close(token.text);
        break;
      case "redirect":
        if (redirecting !== undefined) throw new UnreadableCommand("a redirection leads nowhere");
        redirecting = token.operator;
        break;
      case "word":
        inner.push(...token.word.commands);
        if (redirecting === undefined) {
          words.push(token.word);
          break;
        }
        if (token.word.isDynamic || token.word.hasGlob) throw new UnreadableCommand("it is not known where a redirection leads");
        redirects.push({ operator: redirecting, target: token.word.text });
        redirecting = undefined;
        break;
    }
  }
  close("\n");
  return found;
}

function toCommand(
  words: readonly ShellWord[],
  redirects: readonly { operator: string; target: string }[],
  fedBy: readonly ShellCommand[],
): ShellCommand {
  let rest = words;
  while (rest[0] !== undefined && isPlain(rest[0]) && openers.has(rest[0].text)) rest = rest.slice(1);
  const assignments: string[] = [];
  while (rest[0] !== undefined && /^[A-Za-z_]\w*\+?=/u.test(rest[0].text.slice(0, rest[0].plainLength))) {
    assignments.push(rest[0].text);
    rest = rest.slice(1);
  }
  const [program, ...args] = rest;
  if (program === undefined || (isPlain(program) && closers.has(program.text))) {
    return { name: "", program: "", args, assignments, redirects, fedBy };
  }
  if (!isPlain(program)) {
    throw new UnreadableCommand("it is not plain which program is run");
  }
  if (program.text === "case" || program.text === "function" || program.text === "select") {
    throw new UnreadableCommand(`a ${program.text} stands in it`);
  }
  const name = nameOf(program.text);
  if (!tolerant.has(name) && args.some(({ isDynamic }) => isDynamic)) {
    throw new UnreadableCommand(`it is not known what ${name} is called with`);
  }
  return { name, program: program.text, args, assignments, redirects, fedBy };
}

/** What a wrapper or a shell would run. */
function wrapped(command: ShellCommand, depth: number): readonly ShellCommand[] {
  const { name, args } = command;
  if (isShell(name)) {
    const at = args.findIndex(({ text }) => /^-[a-z]*c[a-z]*$/u.test(text));
    // Options may stand between `-c` and the text: each of what follows may be it.
    return at < 0 ? [] : args.slice(at + 1).flatMap(({ text }) => readShellCommands(text, depth + 1));
  }
  const run = (index: number): readonly ShellCommand[] => {
    const word = args[index];
    if (word === undefined) return [];
    const { text } = word;
    // `env -S` and `watch` split a text themselves; others look for a program of just that name.
    if (word.isQuoted || word.hasGlob || openers.has(text))
      throw new UnreadableCommand(`it is not plain which program ${name} runs`);
    const inner = { ...command, name: nameOf(text), program: text, args: args.slice(index + 1) };
    return depth > deepest ? unreadable() : [inner, ...wrapped(inner, depth + 1)];
  };
  if (finders.has(name)) {
    const runs = name === "fd" ? /^(?:-[A-Za-z]*[xX]$|--exec)/u : /^-(?:exec|ok)/u;
    return args.flatMap(({ text }, index) => (runs.test(text) ? run(index + 1) : []));
  }
  if (name === "env" && args.some(({ text }) => /^(?:-[a-zA-Z]*S|--s)/u.test(text)))
    throw new UnreadableCommand("env takes a text apart in it");
  return programsBehind(command).flatMap(run);
}

/** Where among a wrapper's arguments its program may stand: an option's value may look like one, so that several may be it. */
function programsBehind({ name, args }: ShellCommand): readonly number[] {
  const verb = runners.get(name);
  const from = verb === undefined ? 0 : args.findIndex(({ text }) => verb.test(text)) + 1;
  const before = verb === undefined ? wrappers.get(name) : 0;
  if (before === undefined || (verb !== undefined && from === 0)) return [];
  const found: number[] = [];
  let left = before;
  for (const [index, { text }] of args.entries()) {
    if (index < from) continue;
    if (text.startsWith("-") || /^(?:\d|[A-Za-z_]\w*=)/u.test(text)) continue;
    const isValue = index > 0 && args[index - 1]?.text.startsWith("-") === true;
    if (isValue && !/[a-z]{2}/iu.test(text)) continue;
    found.push(index);
    if (!isValue && left === 0) break;
    if (!isValue) left -= 1;
  }
  return found;
}

function tooMany(): UnreadableCommand {
  return new UnreadableCommand("too many programs stand in it");
}

function unreadable(): never {
  throw new UnreadableCommand("commands are nested too deep in it");
}

/** Whether a word stands there as it is: only then the shell takes it for one of its own. */
function isPlain({ isDynamic, isQuoted, hasGlob }: ShellWord): boolean {
  return !isDynamic && !isQuoted && !hasGlob;
}

function nameOf(program: string): string {
  return program.slice(program.lastIndexOf("/") + 1).toLowerCase();
}
