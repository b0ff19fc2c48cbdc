import { displayWidth } from "./display-width.ts";
import { hasRightToLeft } from "./right-to-left.ts";
import type { Alignment, Cell, Table } from "./tree.ts";

export interface AlignTableOptions {
  /** In columns; a table that would be wider is not aligned. */
  readonly maxWidth: number;
  /** What stands in a cell. A line break in it becomes a space. */
  readonly cellText: (cell: Cell) => string;
}

const between = " | ";

/**
 * A table as lines of equal width, for where all letters are equally wide; undefined for one that would be too wide: then
 * `rowGroups` says the same.
 */
export function alignTable({ alignments, header, rows }: Table, options: AlignTableOptions): string | undefined {
  // A column takes at least one letter and what separates it: hundreds of them need not be measured.
  if (header.length * (between.length + 1) > options.maxWidth + between.length) return undefined;
  const text = (cell: Cell): string =>
    options
      .cellText(cell)
      .replace(/\s*\n\s*/gu, " ")
      .trim();
  const lines = [header, ...rows].map((cells) => cells.map((cell) => isolated(text(cell))));
  const widths = header.map((_, column) => lines.reduce((most, cells) => Math.max(most, displayWidth(cells[column] ?? "")), 1));
  const total = widths.reduce((sum, width) => sum + width + between.length, -between.length);
  if (total > options.maxWidth) return undefined;
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => pad(cells[column] ?? "", width, alignments[column] ?? "left"))
      .join(between)
      .trimEnd();
  const [first = [], ...others] = lines;
  const rule = widths.map((width) => "-".repeat(width)).join("-+-");
  return [line(first), rule, ...others.map(line)].join("\n");
}

/** Text from right to left would change places with its neighbours. */
function isolated(text: string): string {
  return hasRightToLeft(text) ? `\u2068${text}\u2069` : text;
}

function pad(text: string, width: number, alignment: Exclude<Alignment, null>): string {
  const space = width - displayWidth(text);
  const before = alignment === "right" ? space : alignment === "center" ? Math.floor(space / 2) : 0;
  return " ".repeat(before) + text + " ".repeat(space - before);
}
