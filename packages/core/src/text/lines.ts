import { closesFence, openedFence, type Fence } from "./fence.ts";
import { fenceOf, type Opening } from "./opening.ts";
import { continuesTable, mayBeHead, tableHead } from "./table-lines.ts";

/** One line of Markdown and what it does to code fences, tables and lists. Offsets count UTF-16 units. */
export interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
  /** Where the next line starts. */
  readonly next: number;
  /** `head`: a line that belongs to what stands below it, in a table or above what may make it one. `row`: of a table, below its head. */
  readonly kind: "blank" | "text" | "heading" | "open" | "code" | "close" | "head" | "row";
  /** The fence that is open once this line is over. */
  readonly fence: Fence | null;
  /** The head of the table that goes on below this line; null = none. */
  readonly table: string | null;
  /** The line belongs to a list, or to nothing yet that would end one. */
  readonly isInList: boolean;
}

const heading = /^ {0,3}#{1,6}(?:[ \t]|$)/u;
const listItem = /^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/u;

/** What is open between two lines. */
interface Between {
  readonly fence: Fence | null;
  readonly table: string | null;
  readonly isInList: boolean;
}

/** The lines of `source`, which may start in the middle of something. */
export function scanLines(source: string, opening: Opening | null): readonly Line[] {
  const lines: Line[] = [];
  let between: Between = {
    fence: fenceOf(opening),
    table: opening?.kind === "table" ? opening.head : null,
    isInList: opening?.kind === "list",
  };
  let isRestOfRow = opening?.kind === "table" && opening.isWithinRow;
  // The line below the head of a table, which makes it one.
  let isDelimiter = false;
  for (let start = 0; start < source.length;) {
    const { end, next } = lineEnds(source, start);
    const text = source.slice(start, end);
    const below = between.fence === null && between.table === null ? textBelow(source, text, next) : "";
    const head: string | null = below === "" || isDelimiter ? null : tableHead(text, below);
    const plain = lineKind(text, between.fence);
    const kind = isDelimiter || head !== null ? "head" : tableKind(text, plain, between, isRestOfRow, below);
    between = after(text, kind, plain, between);
    lines.push({ start, end, next, kind, ...between, table: head === null ? between.table : null });
    // A table goes on below its delimiter, not between the two.
    isDelimiter = head !== null;
    if (head !== null) between = { ...between, table: head };
    isRestOfRow = false;
    start = next;
  }
  return lines;
}

function lineEnds(source: string, start: number): { readonly end: number; readonly next: number } {
  const lineBreak = source.indexOf("\n", start);
  return lineBreak === -1 ? { end: source.length, next: source.length } : { end: lineBreak, next: lineBreak + 1 };
}

/** The next line, where it may matter. */
function textBelow(source: string, text: string, next: number): string {
  if (next >= source.length || text.trim() === "") return "";
  const below = source.slice(next, lineEnds(source, next).end);
  return mayBeHead(below) ? below : "";
}

function tableKind(text: string, plain: Line["kind"], { table }: Between, isRestOfRow: boolean, below: string): Line["kind"] {
  if (plain !== "text") return plain;
  if (table !== null && (isRestOfRow || continuesTable(text))) return "row";
  return below === "" ? "text" : "head";
}

function after(text: string, kind: Line["kind"], plain: Line["kind"], before: Between): Between {
  const fence = plain === "open" ? openedFence(text) : plain === "close" ? null : before.fence;
  const table = kind === "row" || kind === "head" ? before.table : null;
  return { fence, table, isInList: staysInList(text, plain, before) };
}

function staysInList(text: string, kind: Line["kind"], { isInList }: Between): boolean {
  if (kind === "code" || kind === "close" || kind === "blank") return isInList;
  if (kind === "heading") return false;
  return listItem.test(text) || (isInList && /^[ \t]/u.test(text));
}

/** The fence that is open at the end of `source`, which may start inside `fence`. */
export function fenceAfter(source: string, fence: Fence | null): Fence | null {
  if (fence === null && !source.includes("```") && !source.includes("~~~")) return null;
  return scanLines(source, fence === null ? null : { kind: "fence", fence }).at(-1)?.fence ?? (source === "" ? fence : null);
}

/** The fence that is open after `line`, a whole line without its break. */
export function fenceAfterLine(line: string, fence: Fence | null): Fence | null {
  if (fence === null) return openedFence(line);
  return closesFence(line, fence) ? null : fence;
}

function lineKind(line: string, fence: Fence | null): Line["kind"] {
  if (fence !== null) return closesFence(line, fence) ? "close" : "code";
  if (line.trim() === "") return "blank";
  if (openedFence(line) !== null) return "open";
  return heading.test(line) ? "heading" : "text";
}

/** The line that holds `offset`; the end of the source belongs to the last line. */
export function lineAt(lines: readonly Line[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const line = lines[middle];
    if (line !== undefined && line.start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Whether a block ends with line `index`: what follows starts a new one. A heading belongs to what stands below it, so no
 * block ends there.
 */
export function endsBlock(lines: readonly Line[], index: number): boolean {
  const line = lines[index];
  const next = lines[index + 1];
  if (line === undefined || line.fence !== null || line.kind === "blank" || line.kind === "heading") return false;
  if (next === undefined || line.kind === "close") return true;
  return next.kind === "blank" || next.kind === "heading" || (next.kind === "open" && next.fence?.indent === 0);
}

/** Whether an item of a list, or a row of a table, ends with line `index`: what follows is another one. */
export function endsItem(source: string, lines: readonly Line[], index: number): boolean {
  const line = lines[index];
  const next = lines[index + 1];
  if (line === undefined || next === undefined || line.fence !== null || line.kind === "heading" || line.kind === "head")
    return false;
  if (line.kind === "row" && next.kind === "row") return true;
  return next.kind === "text" && next.isInList && listItem.test(source.slice(next.start, next.end));
}
