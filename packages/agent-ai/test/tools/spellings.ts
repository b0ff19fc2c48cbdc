/** Ways to write the words of a command otherwise, in the order in which they can stand around each other. */
export const spellings: readonly ((command: string, seed: number) => string)[] = [
  (command) => (/^\w+=/u.test(command) ? command : `/usr/bin/${command}`),
  (command) => (/^\w+=/u.test(command) ? command : command.slice(0, 3).toUpperCase() + command.slice(3)),
  (command) => `\\${command}`,
  (command) => command.replaceAll(" ", "  \t"),
  (command) => `command ${command}`,
  (command) => `timeout -s KILL 5 ${command}`,
  (command) => `nice -n 5 ${command}`,
  (command) => `busybox ${command}`,
  (command) => `env X=1 ${command}`,
  (command) => `exec ${command}`,
  (command) => `X=1 Y=2 ${command}`,
  (command, seed) => insert(command, seed, "''"),
  (command, seed) => insert(command, seed, '""'),
  (command, seed) => insert(command, seed, "\\"),
  (command, seed) => insert(command, seed, "\\\n"),
  (command, seed) => insert(command, seed, "$X"),
];

/** Ways to have a command run among others. */
export const neighbourhoods: readonly ((command: string) => string)[] = [
  (command) => `  ${command}  `,
  (command) => `\n${command}\n`,
  (command) => `true; ${command}`,
  (command) => `true && ${command}`,
  (command) => `false || ${command} || true`,
  (command) => `${command} # nothing`,
  (command) => `# nothing \\\n${command}`,
  (command) => `true \\\n && ${command}`,
  (command) => `(${command})`,
  (command) => `{ ${command}\n}`,
  (command) => `! ${command}`,
  (command) => `if true; then ${command}\nfi`,
  (command) => `for x in 1; do ${command}\ndone`,
  (command) => `echo $(${command}\n)`,
  (command) => `echo "$(${command}\n)"`,
  (command) => (command.includes("`") ? command : `echo \`${command}\``),
  (command) => `sh -c '${command.replaceAll("'", `'"'"'`)}'`,
  (command) => `bash -lc "${command.replaceAll(/(["$`\\])/gu, "\\$1")}"`,
  (command) => `${command} > log.txt 2>&1`,
  (command) => `${command} &`,
  (command) => `true | ${command}`,
];

/** Puts something into a word of a command, outside of quotes. */
function insert(command: string, seed: number, what: string): string {
  const at = seed % command.length;
  const before = command.slice(0, at);
  const isInQuotes = ['"', "'"].some((quote) => before.split(quote).length % 2 === 0);
  return isInQuotes || !/^\w{2}/u.test(command.slice(at - 1, at + 1)) ? command : before + what + command.slice(at);
}
