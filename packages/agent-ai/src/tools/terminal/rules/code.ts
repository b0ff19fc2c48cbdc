import { isShell, type ShellCommand } from "../shell-commands.ts";
import { list, textsOf, type DangerRule } from "./rule.ts";

const interpreters = list(
  "python python2 python3 pypy pypy3 perl ruby node nodejs deno bun php lua luajit tclsh osascript rscript pwsh powershell guile racket",
);
const downloads = list("curl wget fetch aria2c http https xh lynx w3m");
const decoders = list("base64 base32 xxd openssl uudecode gunzip zcat gzip tr rev od hexdump");
const databases = list("psql mysql mariadb sqlite3 sqlcmd clickhouse-client duckdb mongosh mongo redis-cli cockroach");
const harmlessPerLine = list("grep egrep fgrep wc ls echo basename dirname stat file md5sum sha1sum sha256sum");
const takesSettings = list("export env declare typeset readonly local command nice timeout exec busybox nohup sudo doas");
const settings =
  /^(?:PATH|IFS|ENV|BASH_ENV|SHELLOPTS|PROMPT_COMMAND|PS4|CDPATH|HOME|EDITOR|VISUAL|PAGER|LESSOPEN|LD_\w+|DYLD_\w+|GIT_\w+|NODE_OPTIONS|PYTHON\w*|PERL\w*|RUBYOPT|JAVA_TOOL_OPTIONS|SHELL)\+?=/iu;

/** `e` runs a command and `w` writes a file: by themselves behind an address, or among the flags of `s`, whatever parts those. */
const sedRuns = /(?:^|[^\w\s\\]\s*|\d\s*)[gpiImM\d]*e(?:[\s;}]|$)/u;
const sedWrites = /(?:^|[^\w\s\\]\s*|\d\s*)[gpiImMe\d]*[wW](?:\s+\S|[/~]|\S*\.\.)/u;

/** Dangers of running what nobody has read. */
export const codeRules: readonly DangerRule[] = [
  { id: "download-to-shell", what: "runs what it downloads", when: (command) => runsWhatComes(command, downloads) },
  { id: "decoded-to-shell", what: "runs a text that it decodes first", when: (command) => runsWhatComes(command, decoders) },
  { id: "text-to-shell", what: "runs a text that another program or a file says", when: runsInput },
  { id: "eval", what: "runs a text as a command", names: list("eval trap alias enable hash shopt bind complete") },
  {
    id: "inline-code",
    what: "runs code that stands in the command",
    names: interpreters,
    when: (command) => {
      const texts = textsOf(command);
      if (texts.some((text) => /^(?:--\S+=)?data:/iu.test(text))) return true;
      return texts[0] === "eval" || texts.some((text) => /^(?:-[a-zA-Z]*[ecrpEB]|--(?:ev|pr|co|ex|rep)\S*)/u.test(text));
    },
  },
  {
    id: "inline-code",
    what: "runs code that stands in the command",
    names: list("sed gsed"),
    when: (command) => sedScripts(command).some((script) => sedRuns.test(script)),
  },
  {
    id: "sed-write",
    what: "writes a file that its script names",
    names: list("sed gsed"),
    when: (command) => sedScripts(command).some((script) => sedWrites.test(script)),
  },
  {
    id: "inline-code",
    what: "runs code that stands in the command",
    names: list("awk gawk mawk nawk"),
    args: /system|\||getline|>|@|(?:^| )-(?:f|-f|i)/u,
  },
  {
    id: "inline-code",
    what: "runs code that stands in the command",
    names: list("vi vim nvim vimdiff view rvim ex ed emacs expect gdb lldb m4"),
  },
  {
    id: "inline-code",
    what: "runs code that stands in the command",
    names: list("make gmake gcc g++ cc c++ clang"),
    args: /(?:^| )(?:--ev|-wrapper)/u,
  },
  {
    id: "program-in-option",
    what: "has another program run by an option",
    names: ["tar"],
    args: /^[a-zA-Z]*[IF]|(?:^| )(?:-[a-zA-Z]*[IF]|--(?:info-s|new-v|rmt))/u,
  },
  {
    id: "program-in-option",
    what: "has another program run by an option",
    names: list("man split sort rg wget"),
    args: /(?:^| )(?:--(?:pa|pre|ht|fi|compress-p|hostname-b|use-a|ex)|-[a-zA-Z]*[He])/u,
    when: ({ name, args }) => !["sort", "rg"].includes(name) || args.some(({ text }) => /^--(?:pre|co|ho)/u.test(text)),
  },
  {
    id: "program-in-option",
    what: "has another program run by an option",
    names: ["git"],
    args: /(?:^| )(?:submodule\b.* foreach\b|bisect +run\b|difftool\b.* (?:-x|--ext)|rebase\b.* (?:-x|--ex)|clone\b.* -u|.*--exec[= ]|config .*(?:merge|gpg|editor|ssh|url\.|pack|cmd|command|program|update|template|hook|browser|trailer|helper|protocol|vcs))/iu,
  },
  {
    id: "download-to-shell",
    what: "runs what it downloads",
    names: list("uvx bunx pipx pnpm yarn deno go"),
    when: ({ name, args }) => runsByName(name, args.map(({ text }) => text).join(" ")),
  },
  {
    id: "program-in-option",
    what: "has another program run by an option",
    names: list("tar rsync ssh zip unzip git man less more"),
    args: /(?:^| )(?:--to-c|--checkpoint-a|--use-c|-I|--rsh|-e|-TT|--unzip-c|--exec-p|--upload-p|--receive-p|-c|--config-env|-O|--open-f|-P|ext::|config .*(?:alias|core\.|filter|diff|pager|credential|include))/u,
  },
  {
    id: "xargs",
    what: "runs a program on whatever another one says",
    names: list("xargs gxargs parallel"),
    when: (command) => !textsOf(command).some((text) => harmlessPerLine.includes(text)) || textsOf(command).some(isRemoving),
  },
  {
    id: "sql",
    what: "drops or empties tables",
    names: databases,
    when: (command) => [command, ...command.fedBy].some((one) => losesData(textsOf(one).join(" "))),
  },
  {
    id: "sql-program",
    what: "runs programs out of a database client, or empties all of a database",
    names: databases,
    args: /\.(?:shell|system|load|read|output|once|open|import|restore|save|backup|excel|www)\b|\battach\b|\b(?:config set|module load|replicaof|slaveof)\b|\\!|\bcopy\b.*\bprogram\b|\bsystem\b|\bflush(?:all|db)\b|\bdropDatabase\b/iu,
  },
  {
    id: "environment",
    what: "changes where programs are found or what they load",
    when: (command) => {
      const isSetting = takesSettings.includes(command.name);
      return [...command.assignments, ...(isSetting ? textsOf(command) : [])].some((text) => settings.test(text));
    },
  },
];

/** Whether something is downloaded and something that could be it is run. */
export function runsDownload(commands: readonly ShellCommand[]): boolean {
  const isRun = ({ name, program }: ShellCommand): boolean =>
    isShell(name) || interpreters.includes(name) || name === "source" || name === "." || program.includes("/");
  return (
    commands.some(({ name }) => downloads.includes(name)) && commands.some((one) => !downloads.includes(one.name) && isRun(one))
  );
}

/** What a script of `sed` does stands in one of these, behind `-e` or alone. */
function sedScripts(command: ShellCommand): readonly string[] {
  return textsOf(command).map((text) => text.replace(/^(?:-[a-zA-Z]*e|--ex[a-z]*=)/u, ""));
}

function runsByName(name: string, args: string): boolean {
  if (name === "deno") return /^(?:run|serve|x)\b.*(?:https?:|npm:|jsr:)/u.test(args);
  if (name === "go") return /^run\b.*@/u.test(args);
  if (name === "pnpm" || name === "yarn") return /(?:^| )dlx\b/u.test(args);
  return name !== "pipx" || /^run\b/u.test(args);
}

/** A shell or an interpreter that takes its program from its input. */
function runsInput({ name, args, fedBy, redirects }: ShellCommand): boolean {
  const first = args.find(({ text }) => !text.startsWith("-") || text === "-")?.text;
  const runsFiles = isShell(name) || interpreters.includes(name) || name === "source" || name === ".";
  if (runsFiles && first !== undefined && /^\/(?:dev|proc)\//u.test(first)) return true;
  if (fedBy.length === 0 && !redirects.some(({ operator }) => operator.startsWith("<"))) return false;
  if (isShell(name)) return first === undefined || first === "-" || args.some(({ text }) => /^-[a-z]*s/u.test(text));
  return interpreters.includes(name) && (first === undefined || first === "-");
}

function runsWhatComes(command: ShellCommand, from: readonly string[]): boolean {
  return runsInput(command) && command.fedBy.some(({ name }) => from.includes(name));
}

function isRemoving(text: string): boolean {
  return /(?:^|\/)(?:rm|unlink|shred|kill|sh|bash|mv|dd)$/u.test(text);
}

function losesData(statement: string): boolean {
  if (/\bdrop\s+(?:table|database|schema|view|index|user|role|collection)\b|\btruncate\b/iu.test(statement)) return true;
  return statement.split(";").some((one) => /\b(?:delete\s+from|update\s+\S+\s+set)\b/iu.test(one) && !/\bwhere\b/iu.test(one));
}
