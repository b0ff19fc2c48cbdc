import type { Tokens } from "marked";
import { lex } from "./lexer.ts";
import { parseInlines } from "./parse-inlines.ts";
import type { Cell, Inline, Table } from "./tree.ts";

/** A table in which nothing of a row is dropped that is longer than the header. */
export function parseTable(token: Tokens.Table): Table {
  const lines = token.raw.trimEnd().split("\n").slice(2);
  const parsed = (cell: Tokens.TableCell): Cell => withoutBreaks(parseInlines(cell.tokens));
  const rows = token.rows.map((row, index) => [
    ...row.map(parsed),
    ...splitRow(lines[index] ?? "")
      .slice(token.header.length)
      .map(parseCell),
  ]);
  const columns = rows.reduce((most, row) => Math.max(most, row.length), token.header.length);
  return {
    alignments: filled(token.align, columns, null),
    header: filled(token.header.map(parsed), columns, []),
    rows: rows.map((row) => filled(row, columns, [])),
  };
}

function filled<Value>(values: readonly Value[], length: number, empty: Value): readonly Value[] {
  return [...values, ...Array.from({ length: length - values.length }, () => empty)];
}

/** The cells of a row; a pipe behind a backslash belongs to its cell. */
function splitRow(line: string): readonly string[] {
  const inner = line.trim().replace(/^\|/u, "");
  const cells = inner.split(/(?<=(?<!\\)(?:\\\\)*)\|/u);
  if (cells.at(-1)?.trim() === "") cells.pop();
  return cells.map((cell) => cell.trim().replaceAll("\\|", "|"));
}

function parseCell(source: string): Cell {
  const [block] = lex(source);
  const isText = block?.type === "paragraph";
  return withoutBreaks(isText ? parseInlines(block.tokens ?? []) : [{ type: "text", text: source }]);
}

/** A cell is one line. */
function withoutBreaks(inlines: readonly Inline[]): Cell {
  return inlines.map((inline): Inline => {
    if (inline.type === "break") return { type: "text", text: " " };
    return "content" in inline ? { ...inline, content: withoutBreaks(inline.content) } : inline;
  });
}
