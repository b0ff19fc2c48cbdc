import { graphemeWidth, graphemesOf } from "../../ledger/text-width.ts";
import type { Mark, Style } from "../style.ts";

/** A stretch of text that looks the same. */
export interface Span {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** A line as it is shown, with the columns it takes. */
export interface Line {
  readonly text: string;
  readonly width: number;
}

interface Cell {
  readonly segment: string;
  readonly width: number;
  readonly marks: readonly Mark[];
}

const tab = "    ";

/** Spans in lines of at most `columns`: broken at spaces where there are any, and always at line ends. */
export function wrapSpans(spans: readonly Span[], columns: number, style: Style): readonly Line[] {
  const lines: Cell[][] = [];
  let line: Cell[] = [];
  let width = 0;
  for (const cell of cellsOf(spans)) {
    if (cell.segment === "\n") {
      lines.push(line);
      [line, width] = [[], 0];
      continue;
    }
    if (width + cell.width > columns && line.length > 0) {
      if (cell.segment === " ") {
        lines.push(line);
        [line, width] = [[], 0];
        continue;
      }
      const rest = takeRest(line, columns);
      lines.push(line);
      line = rest;
      width = widthOf(rest);
    }
    line.push(cell);
    width += cell.width;
  }
  return [...lines, line].map((cells) => paintLine(cells, style));
}

/** Takes what follows the last space off a line that is full; nothing where that would leave it half empty. */
function takeRest(line: Cell[], columns: number): Cell[] {
  const space = line.findLastIndex(({ segment }) => segment === " ");
  return space > 0 && widthOf(line.slice(0, space)) > columns / 2 ? line.splice(space).slice(1) : [];
}

function widthOf(cells: readonly Cell[]): number {
  return cells.reduce((sum, { width }) => sum + width, 0);
}

function cellsOf(spans: readonly Span[]): readonly Cell[] {
  return spans.flatMap(({ text, marks }) =>
    Array.from(graphemesOf(text.replaceAll("\t", tab)), (segment) => ({ segment, width: graphemeWidth(segment), marks })),
  );
}

function paintLine(cells: readonly Cell[], style: Style): Line {
  const end = cells.findLastIndex(({ segment }) => segment !== " ") + 1;
  let text = "";
  let stretch = "";
  let marks: readonly Mark[] = [];
  for (const cell of cells.slice(0, end)) {
    if (cell.marks !== marks) {
      text += style.paint(stretch, marks);
      [stretch, marks] = ["", cell.marks];
    }
    stretch += cell.segment;
  }
  return { text: text + style.paint(stretch, marks), width: widthOf(cells.slice(0, end)) };
}
