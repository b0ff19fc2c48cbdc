/** The end of a list that goes on. */
export function howToGetMore(command: string, filters: readonly string[], next: string): string {
  return `There is more:\n  ${["hermes", command, "list", ...filters, "--after", next].map(quoted).join(" ")}\n`;
}

function quoted(word: string): string {
  return /^[\w:.@/=+-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
