/** How deep Telegram nests blocks, and texts within them, is limited to 16 each; more is passed over. */
const maxDepth = 40;
/** As long as a rich message may be. */
const maxLength = 32_768;

/** Fields that hold what a reader reads, in the order in which it is read. */
const readable = ["label", "summary", "text", "alternative_text", "expression", "blocks", "items", "cells", "caption", "credit"];
/** Of these, each entry is on a line of its own. */
const lines: ReadonlySet<string> = new Set(["blocks", "items"]);

/** The words in the blocks of a rich message (Bot API, RichBlock and RichText): a line for each block. Pure; never throws. */
export function richText(blocks: unknown): string {
  return entries(blocks, "\n", 0).slice(0, maxLength);
}

function entries(list: unknown, between: string, depth: number): string {
  if (!Array.isArray(list)) return "";
  return list
    .map((entry: unknown) => words(entry, depth))
    .filter((text) => text !== "")
    .join(between);
}

function words(value: unknown, depth: number): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || depth > maxDepth) return "";
  if (Array.isArray(value)) return entries(value, "", depth + 1);
  const fields = value as Readonly<Record<string, unknown>>;
  const parts = readable.map((key) => field(key, fields[key], depth + 1)).filter((text) => text !== "");
  // An item's label stands before its first line.
  const [label, ...rest] = parts;
  return typeof fields["label"] === "string" && label !== undefined
    ? [label, rest.join("\n")].join(" ").trim()
    : parts.join("\n");
}

function field(key: string, value: unknown, depth: number): string {
  if (key === "cells") return rows(value, depth);
  return lines.has(key) ? entries(value, "\n", depth) : words(value, depth);
}

function rows(value: unknown, depth: number): string {
  if (!Array.isArray(value)) return "";
  return value.map((row: unknown) => entries(row, " | ", depth)).join("\n");
}
