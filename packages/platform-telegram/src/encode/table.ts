/** How a column is aligned. */
export type Alignment = "left" | "right" | "center" | null;

/** A table as lines of equal width for a monospaced block. Wide characters count as two, as terminals and phones show them. */
export function alignTable(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  alignments: readonly Alignment[],
): string {
  const widths = header.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? "")].map(displayWidth)));
  const line = (cells: readonly string[]): string =>
    widths
      .map((width, column) => pad(cells[column] ?? "", width, alignments[column] ?? "left"))
      .join(" | ")
      .trimEnd();
  const rule = widths.map((width) => "-".repeat(width)).join("-+-");
  return [line(header), rule, ...rows.map(line)].join("\n");
}

function pad(text: string, width: number, alignment: Exclude<Alignment, null>): string {
  const space = width - displayWidth(text);
  const before = alignment === "right" ? space : alignment === "center" ? Math.floor(space / 2) : 0;
  return " ".repeat(before) + text + " ".repeat(space - before);
}

const invisible = /\p{M}|\p{Cf}|[\u{1F3FB}-\u{1F3FF}]/u;
const wide =
  /[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{20000}-\u{3FFFD}]|\p{Emoji_Presentation}/u;

/** How many columns a text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += invisible.test(character) ? 0 : wide.test(character) ? 2 : 1;
  return width;
}
