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
      return texts[0] === "eval" || texts.some((text) => /^(?:-[a-zA-Z]*[ecrpEB]|--(?:ev|pr|co|ex|rep)\S*)/u.test(text));
    },
  },
  {
    id: "inline-code",
    what: "runs code that stands in the command",
    names: list("sed gsed"),
    when: (command) => textsOf(command).some((text) => /(?:[;/\d}]|^)[gpiI\d]*e(?:\s|;|$)/u.test(text) && !text.startsWith("-")),
  },
  {
    id: "inline-code",
    what: "runs code that stands in the command",
    names: list("awk gawk mawk nawk"),
    args: /system|\||getline|>|@|(?:^| )-(?:f|-f|i)/u,
  },
  { id: "inline-code", what: "runs code that stands in the command", names: list("vi vim nvim ex ed emacs expect gdb lldb m4") },
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
    args: /\.(?:shell|system|load)\b|\\!|\bcopy\b.*\bprogram\b|\bsystem\b|\bflush(?:all|db)\b|\bdropDatabase\b/iu,
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
