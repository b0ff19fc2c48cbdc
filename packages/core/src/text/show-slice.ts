import { closingFenceLine, moveToMargin, movesToMargin, reopeningLine, type Fence } from "./fence.ts";
import { isVisible } from "./length.ts";
import { fenceAfter, scanLines } from "./lines.ts";
import { fenceOf, type Opening } from "./opening.ts";
import { continuesTable } from "./table-lines.ts";

/** A piece of Markdown as a message: `first` is what it starts in the middle of, `last` the fence that is open at its end. */
export function showSlice(slice: string, first: Opening | null, last: Fence | null): string {
  switch (first?.kind) {
    case undefined:
    case "fence":
      return showFenced(slice, fenceOf(first), last);
    case "table":
      return showTable(slice, first, last);
    case "quote":
      return (isVisible(firstLine(slice)) ? first.marker : "") + showFenced(slice, null, last);
    case "list":
      return showItems(slice);
  }
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
export function dropBlankLines(text: string): string {
  return text.replace(/^(?:[^\S\n]*\n)+/u, "");
}
