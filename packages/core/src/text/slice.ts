import { closingFenceLine, moveToMargin, movesToMargin, reopeningLine, type Fence } from "./fence.ts";
import { isVisible } from "./length.ts";
import { lineAt, scanLines, type Line } from "./lines.ts";

/** Markdown that can be looked at piece by piece: each slice reads as a message of its own. */
export interface SlicedSource {
  readonly source: string;
  readonly lines: readonly Line[];
  /** The fence that is open at `offset`; null inside the very line that opens one. */
  readonly fenceAt: (offset: number) => Fence | null;
  /**
   * The slice as a message: blank lines at its ends dropped, a fence that is open at its start opened again, one that is open at
   * its end closed. `plain` leaves fences alone, for where there is no room for their lines.
   */
  readonly show: (start: number, end: number, plain?: boolean) => string;
}

/** `source` may start inside a fence. */
export function sliceSource(source: string, fence: Fence | null): SlicedSource {
  let scanned: readonly Line[] | undefined;
  const withoutFences = fence === null && !source.includes("```") && !source.includes("~~~");
  const lines = (): readonly Line[] => (scanned ??= scanLines(source, fence));

  function fenceAt(offset: number): Fence | null {
    if (withoutFences) return null;
    if (offset === 0) return fence;
    const index = lineAt(lines(), offset);
    const line = lines()[index];
    const before = index === 0 ? fence : (lines()[index - 1]?.fence ?? null);
    if (line === undefined || offset >= line.end) return line !== undefined && offset > line.start ? line.fence : before;
    if (offset === line.start || line.kind === "close") return before;
    return line.kind === "open" ? null : line.fence;
  }

  return {
    source,
    get lines() {
      return lines();
    },
    fenceAt,
    show(start, end, plain = false) {
      if (plain || withoutFences) return dropBlankLines(source.slice(start, end)).trimEnd();
      return showFenced(source.slice(start, end), fenceAt(start), fenceAt(end));
    },
  };
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
  return scanLines(firstLine(slice), fence)[0]?.kind === "close";
}

/** Takes the indentation of the fence off the code that goes on in it, as a Markdown reader would. */
function codeToMargin(slice: string, fence: Fence): string {
  let inside = true;
  return scanLines(slice, fence)
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
