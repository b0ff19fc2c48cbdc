import { closingFenceLine, moveToMargin, movesToMargin, reopeningLine, type Fence } from "./fence.ts";
import { isVisible } from "./length.ts";
import { fenceAfter, lineAt, scanLines, type Line } from "./lines.ts";
import { fenceOf, type Opening } from "./opening.ts";
import { continuesTable } from "./table-lines.ts";

/** Markdown that can be looked at piece by piece: each slice reads as a message of its own. */
export interface SlicedSource {
  readonly source: string;
  readonly lines: readonly Line[];
  /** What `offset` lies in the middle of; null inside the very line that opens a fence. */
  readonly openingAt: (offset: number) => Opening | null;
  /** The fence that is open at `offset`. */
  readonly fenceAt: (offset: number) => Fence | null;
  /**
   * The slice as a message: blank lines at its ends dropped, a fence that is open at its start opened again, one that is open at
   * its end closed, the head of a table repeated above its rows. `plain` leaves all that out, for where there is no room for it.
   */
  readonly show: (start: number, end: number, plain?: boolean) => string;
}

/** `repeats` says whether the head of a table is worth repeating; default: any is. */
export function sliceSource(
  source: string,
  given: Opening | null,
  repeats: (head: string) => boolean = () => true,
): SlicedSource {
  const known = new Map<string, boolean>();
  const repeated = (opening: Opening | null): Opening | null => {
    if (opening?.kind !== "table") return opening;
    const answer = known.get(opening.head) ?? repeats(opening.head);
    known.set(opening.head, answer);
    return answer ? opening : null;
  };
  const opening = repeated(given);
  let scanned: readonly Line[] | undefined;
  const withoutFences = fenceOf(opening) === null && !source.includes("```") && !source.includes("~~~");
  const lines = (): readonly Line[] => (scanned ??= scanLines(source, opening));

  function fenceAt(offset: number): Fence | null {
    if (withoutFences) return null;
    if (offset === 0) return fenceOf(opening);
    const index = lineAt(lines(), offset);
    const line = lines()[index];
    const before = index === 0 ? fenceOf(opening) : (lines()[index - 1]?.fence ?? null);
    if (line === undefined || offset >= line.end) return line !== undefined && offset > line.start ? line.fence : before;
    if (offset === line.start || line.kind === "close") return before;
    return line.kind === "open" ? null : line.fence;
  }

  function openingAt(offset: number): Opening | null {
    if (offset === 0) return opening;
    const fence = fenceAt(offset);
    if (fence !== null) return { kind: "fence", fence };
    const index = lineAt(lines(), offset);
    const line = lines()[index];
    if (line === undefined) return null;
    if (offset === line.start || offset === line.next) {
      const isBehind = offset > line.start && source[offset - 1] === "\n";
      if (isBehind || offset === line.start) return repeated(between(isBehind ? line : lines()[index - 1]));
    }
    if (line.kind === "row" && line.table !== null) return repeated({ kind: "table", head: line.table, isWithinRow: true });
    const [marker] = /^ {0,3}>[ >]*/u.exec(source.slice(line.start, line.end)) ?? [];
    return line.kind === "text" && marker !== undefined && offset >= line.start + marker.length
      ? { kind: "quote", marker }
      : null;
  }

  return {
    source,
    get lines() {
      return lines();
    },
    openingAt,
    fenceAt,
    show(start, end, plain = false) {
      if (plain) return dropBlankLines(source.slice(start, end)).trimEnd();
      const slice = source.slice(start, end);
      const first = openingAt(start);
      switch (first?.kind) {
        case undefined:
        case "fence":
          return withoutFences ? dropBlankLines(slice).trimEnd() : showFenced(slice, fenceOf(first), fenceAt(end));
        case "table":
          return showTable(slice, first, fenceAt(end));
        case "quote":
          return (isVisible(firstLine(slice)) ? first.marker : "") + showFenced(slice, null, fenceAt(end));
        case "list":
          return showItems(slice);
      }
    },
  };
}

/** What is open between `line` and the one below it. */
function between(line: Line | undefined): Opening | null {
  if (line === undefined) return null;
  if (line.table !== null) return { kind: "table", head: line.table, isWithinRow: false };
  return line.isInList ? { kind: "list" } : null;
}

/** Rows of a table with its head above them; the rest of a row that was cut stands before that. */
function showTable(
  slice: string,
  { head, isWithinRow }: Extract<Opening, { readonly kind: "table" }>,
  last: Fence | null,
): string {
  const rest = isWithinRow ? firstLine(slice).trim() : "";
  const rows = isWithinRow ? afterFirstLine(slice) : slice;
  if (!isVisible(slice)) return "";
  if (!continuesTable(firstLine(rows))) return showFenced(slice, null, last);
  const shown = showFenced(rows, null, last);
  return `${rest === "" ? "" : `${rest}\n\n`}${head}\n${shown}`;
}

function showItems(slice: string): string {
  const moved = withoutIndentation(slice);
  return showFenced(moved, null, fenceAfter(moved, null));
}

/** Items of a list within another one, moved to the margin: far from it they would be code where that list is not seen. */
function withoutIndentation(slice: string): string {
  const text = dropBlankLines(slice);
  let margin = spaces(text);
  if (margin === 0) return text;
  const moved: string[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() !== "") margin = Math.min(margin, spaces(line));
    moved.push(line.slice(Math.min(margin, spaces(line))));
  }
  return moved.join("\n");
}

function spaces(line: string): number {
  return /^[ \t]*/u.exec(line)?.[0].length ?? 0;
}

function showFenced(slice: string, first: Fence | null, last: Fence | null): string {
  if (first !== null && closesAtOnce(slice, first)) {
    // The part before was closed by a line of ours: the source's own would open an empty block here.
    return showFenced(afterFirstLine(slice), null, last);
  }
  const reopened = first !== null && first === last;
  if (!isVisible(slice)) return "";
  const body = first !== null && movesToMargin(first) ? codeToMargin(slice, first) : slice;
  const head = first === null ? dropBlankLines(body) : `${reopeningLine(first)}\n${body}`;
  if (last === null) return head.trimEnd();
  return `${head.replace(/\r?\n$/u, "")}\n${closingFenceLine(last, reopened)}`;
}

function closesAtOnce(slice: string, fence: Fence): boolean {
  return scanLines(firstLine(slice), { kind: "fence", fence })[0]?.kind === "close";
}

/** Takes the indentation of the fence off the code that goes on in it, as a Markdown reader would. */
function codeToMargin(slice: string, fence: Fence): string {
  let inside = true;
  return scanLines(slice, { kind: "fence", fence })
    .map((line) => {
      const text = slice.slice(line.start, line.next);
      const moved = inside ? moveToMargin(text, fence) : text;
      if (line.kind === "close") inside = false;
      return moved;
    })
    .join("");
}

function firstLine(text: string): string {
  const lineBreak = text.indexOf("\n");
  return lineBreak === -1 ? text : text.slice(0, lineBreak);
}

function afterFirstLine(text: string): string {
  const lineBreak = text.indexOf("\n");
  return lineBreak === -1 ? "" : text.slice(lineBreak + 1);
}

/** Blank lines at the start show nothing; the indentation of the first line that shows something stays. */
function dropBlankLines(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/u, "");
}
