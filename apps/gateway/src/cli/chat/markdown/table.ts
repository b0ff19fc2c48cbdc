import type { Tokens } from "marked";
import type { Style } from "../style.ts";
import { spansOf } from "./inline.ts";
import { wrapSpans, type Line, type Span } from "./spans.ts";

const least = 4;
const gap = 3;

/** A table with its columns aligned; undefined where so many columns do not fit. */
export function renderTable({ header, align, rows }: Tokens.Table, columns: number, style: Style): readonly string[] | undefined {
  const cells = [header, ...rows].map((row, index) =>
    row.map(({ tokens }) => spansOf(tokens, index === 0 ? ["bold"] : [], style.keepsMarkers)),
  );
  const natural = header.map((_, index) => Math.max(1, ...cells.map((row) => naturalWidth(row[index] ?? [], style))));
  const widths = fit(natural, columns - gap * (header.length - 1));
  if (widths === undefined) return undefined;
  const [head = [], ...body] = cells.map((row) => renderRow(row, widths, align, style));
  const rule = style.paint(widths.map((width) => "─".repeat(width)).join("─┼─"), ["dim"]);
  return [...head, rule, ...body.flat()];
}

function naturalWidth(spans: readonly Span[], style: Style): number {
  return Math.max(0, ...wrapSpans(spans, Number.POSITIVE_INFINITY, style).map(({ width }) => width));
}

/** Takes what is too much from the widest columns. */
function fit(natural: readonly number[], columns: number): readonly number[] | undefined {
  const widths = [...natural];
  let excess = widths.reduce((sum, width) => sum + width, 0) - columns;
  while (excess > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    const width = widths[widest] ?? 0;
    if (width <= least) return undefined;
    widths[widest] = width - 1;
    excess -= 1;
  }
  return widths;
}

function renderRow(
  row: readonly (readonly Span[])[],
  widths: readonly number[],
  align: Tokens.Table["align"],
  style: Style,
): readonly string[] {
  const cells = widths.map((width, index) => wrapSpans(row[index] ?? [], width, style));
  const height = Math.max(...cells.map((lines) => lines.length));
  const separator = style.paint(" │ ", ["dim"]);
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, index) => pad(cells[index]?.[line], width, align[index] ?? "left", index === widths.length - 1))
      .join(separator)
      .trimEnd(),
  );
}

function pad(line: Line | undefined, columns: number, align: "left" | "right" | "center", isLast: boolean): string {
  const { text, width } = line ?? { text: "", width: 0 };
  const room = Math.max(0, columns - width);
  const before = align === "right" ? room : align === "center" ? Math.floor(room / 2) : 0;
  return `${" ".repeat(before)}${text}${isLast ? "" : " ".repeat(room - before)}`;
}
