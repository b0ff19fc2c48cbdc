import { openedFence } from "./fence.ts";

const delimiter = /^ {0,3}\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*\r?$/u;
const unfinishedDelimiter = /^[ \t]*[|:=-][ \t|:=-]*\r?$/u;
const otherBlock = /^(?: {0,3}(?:>|[-*+][ \t]|\d{1,9}[.)][ \t]|#{1,6}(?:[ \t]|$))| {4,}\S|<)/u;

/** A longer one would leave little room for rows wherever it is repeated. */
const longestHead = 2000;

/** The head of the table that two lines begin, to be repeated above rows that go on elsewhere; null = they begin none. */
export function tableHead(line: string, next: string): string | null {
  if (!line.includes("|") || !delimiter.test(next)) return null;
  if (line.length + next.length > longestHead || cellCount(line) !== cellCount(next)) return null;
  return `${line.trim()}\n${next.trim()}`;
}

/** Whether a line may turn out to be the head of a table or a heading once `next`, which stands below it, is written. */
export function mayBeHead(next: string): boolean {
  return unfinishedDelimiter.test(next);
}

/** Whether a line goes on with the table above it. */
export function continuesTable(line: string): boolean {
  return line.trim() !== "" && !otherBlock.test(line) && openedFence(line) === null;
}

function cellCount(line: string): number {
  return line
    .trim()
    .replace(/^\||\|$/gu, "")
    .split(/(?<!\\)\|/u).length;
}
