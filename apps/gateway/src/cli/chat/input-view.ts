import { graphemesOf, graphemeWidth } from "../ledger/text-width.ts";
import type { Draft } from "./editor.ts";
import type { Style } from "./style.ts";

/** Lines on a screen, and where the cursor stands among them. */
export interface InputView {
  readonly lines: readonly string[];
  readonly cursor: { readonly row: number; readonly column: number };
}

const margin = 2;
const tab = "    ";

/** What is being written, behind the prompt, in at most `maxRows` lines round the cursor. */
export function renderInput({ text, cursor }: Draft, columns: number, maxRows: number, style: Style): InputView {
  const width = Math.max(4, columns - margin);
  const rows: string[] = [""];
  let column = 0;
  let at = 0;
  let place = { row: 0, column: margin };
  for (const segment of graphemesOf(text)) {
    const shown = segment === "\t" ? tab : segment;
    const takes = segment === "\n" ? 0 : segment === "\t" ? tab.length : graphemeWidth(segment);
    if (column + takes > width) {
      rows.push("");
      column = 0;
    }
    if (at === cursor) place = { row: rows.length - 1, column: margin + column };
    at += segment.length;
    if (segment === "\n") {
      rows.push("");
      column = 0;
    } else {
      rows[rows.length - 1] += shown;
      column += takes;
    }
  }
  if (cursor >= at) {
    if (column >= width) {
      rows.push("");
      column = 0;
    }
    place = { row: rows.length - 1, column: margin + column };
  }
  const from = Math.max(0, Math.min(place.row - Math.floor(maxRows / 2), rows.length - maxRows));
  const lines = rows
    .slice(from, from + maxRows)
    .map((row, index) => (from + index === 0 ? style.paint("› ", ["prompt"]) : " ".repeat(margin)) + row);
  return { lines, cursor: { row: place.row - from, column: place.column } };
}
