import { alignTable, inlineText, parseMarkdown, toPlainText } from "@hermes/markdown";
import { inertCode, inertText } from "./inert.ts";

/** "up to 100 rows", "up to 20 columns", "aggregated 10,000 characters", one in a message (Block Kit, Table block). */
const maxRows = 100;
const maxColumns = 20;
const maxCharacters = 10_000;
/** As wide as a block of code is shown on a screen without breaking its lines. */
const alignedWidth = 100;

export interface TableOptions {
  /** The first table of the message. */
  readonly isFirst: boolean;
  readonly mentions: readonly string[];
}

/** Agents begin the lines of a table with a bar. */
export function mayBeginTable(line: string): boolean {
  return /^ {0,3}\|/u.test(line);
}

/** Whether a line that is still being written may turn out to belong to a table. */
export function mayBecomeTable(line: string): boolean {
  return /^ {0,3}(?:\||[\s:-]+$)/u.test(line) || /^ {1,3}$/u.test(line);
}

/** Whether the second line of what may be a table says that it is one. */
export function isDelimiter(line: string | undefined, header: string): boolean {
  if (line === undefined || !header.includes("|") || !/^ {0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$/u.test(line))
    return false;
  return cells(line) === cells(header);
}

/** A table of Slack's where it takes one; else its lines aligned as code, or row by row. */
export function tableText(lines: readonly string[], { isFirst, mentions }: TableOptions): string {
  const source = lines.join("\n");
  const isTaken = lines.length - 1 <= maxRows && cells(lines[0] ?? "") <= maxColumns && source.length <= maxCharacters;
  const asText = (text: string): string =>
    text
      .split("\n")
      .map((line) => inertText(line, { mentions, isOpen: false }))
      .join("\n");
  if (isFirst && isTaken) return asText(source);
  const [block] = parseMarkdown(source);
  if (block?.type !== "table") return asText(source);
  const aligned = alignTable(block.table, { maxWidth: alignedWidth, cellText: inlineText });
  if (aligned === undefined || aligned.includes("```")) return asText(toPlainText([block]));
  return `\`\`\`\n${inertCode(aligned, false)}\n\`\`\``;
}

function cells(line: string): number {
  return line
    .trim()
    .replace(/^\|/u, "")
    .replace(/(?<!\\)\|$/u, "")
    .split(/(?<!\\)\|/u).length;
}
