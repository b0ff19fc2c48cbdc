import { cutText, oneLine, padText, textWidth } from "./text-width.ts";

/** A column of a table. */
export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => string;
  /** How narrow it may become where the terminal is narrow; absent = it is never cut. */
  readonly least?: number;
  /** Left out where the terminal has fewer columns. */
  readonly from?: number;
}

const gap = "  ";

/** Rows under a head, each on a line of its own that fits into `width` as far as the columns can be cut. */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], width: number): string {
  const shown = columns.filter(({ from = 0 }) => width >= from);
  const lines = [shown.map(({ title }) => title), ...rows.map((row) => shown.map(({ cell }) => oneLine(cell(row)) || "-"))];
  const natural = shown.map((_, index) => Math.max(...lines.map((cells) => textWidth(cells[index] ?? ""))));
  const widths = fit(shown, natural, width - gap.length * (shown.length - 1));
  return lines.map((cells) => `${layOut(cells, widths)}\n`).join("");
}

/** Takes what is too much from the columns that can be cut, the widest first. */
function fit(columns: readonly Column<never>[], natural: readonly number[], width: number): readonly number[] {
  const widths = [...natural];
  let excess = natural.reduce((sum, next) => sum + next, 0) - width;
  while (excess > 0) {
    const room = columns.map(({ least }, index) => (least === undefined ? 0 : Math.max(0, (widths[index] ?? 0) - least)));
    const widest = room.indexOf(Math.max(...room));
    if ((room[widest] ?? 0) === 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function layOut(cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, index) => padText(cutText(cell, widths[index] ?? 0), widths[index] ?? 0))
    .join(gap)
    .trimEnd();
}

/** Names with what they are, the names in a column of their own. */
export function renderFacts(facts: readonly (readonly [name: string, fact: string | undefined])[], width: number): string {
  const known = facts.filter((entry): entry is readonly [string, string] => entry[1] !== undefined);
  const column = Math.max(...known.map(([name]) => textWidth(name)));
  return known
    .map(([name, fact]) => `${padText(name, column)}  ${cutText(oneLine(fact), Math.max(20, width - column - 2))}\n`)
    .join("");
}
