import type { Block, Cell, Inline, Table } from "./tree.ts";

/** A table for where there are none, and for one that is too wide: each row a paragraph, each cell a line behind its header. */
export function rowGroups({ header, rows }: Table): readonly Block[] {
  if (rows.length === 0) return [paragraph(header.map(titled).filter((line) => line.length > 0))];
  return rows.map((row) => paragraph(row.map((cell, column) => named(header[column] ?? [], cell))));
}

function named(header: Cell, cell: Cell): readonly Inline[] {
  return header.length === 0 || cell.length === 0
    ? [...titled(header), ...cell]
    : [...titled(header), { type: "text", text: " " }, ...cell];
}

function titled(header: Cell): readonly Inline[] {
  return header.length === 0 ? [] : [{ type: "strong", content: [...header, { type: "text", text: ":" }] }];
}

function paragraph(lines: readonly (readonly Inline[])[]): Block {
  const content = lines
    .filter((line) => line.length > 0)
    .flatMap((line, index): readonly Inline[] => (index === 0 ? line : [{ type: "break" }, ...line]));
  return { type: "paragraph", content, isSpaced: true };
}
