import { lexer, type Token, type Tokens } from "marked";
import type { Style } from "../style.ts";
import { spansOf } from "./inline.ts";
import { wrapSpans } from "./spans.ts";
import { renderTable } from "./table.ts";

const codeIndent = "  ";
const leastColumns = 10;
const ruleColumns = 40;
/** Quotes and lists nested deeper than anybody means: parsing them costs more with every level. */
const tooDeep = /^(?: {0,3}(?:>|[*+-] |\d{1,9}[.)] ) ?){21}/mu;

/** The blocks of a Markdown text, as `marked` tells them. */
export function blocksOf(markdown: string): readonly Token[] {
  if (tooDeep.test(markdown)) return [verbatim(markdown)];
  try {
    return lexer(markdown, { gfm: true });
  } catch (error) {
    // Thousands of styles within each other exhaust the stack: such a text is shown as it was written.
    if (error instanceof RangeError) return [verbatim(markdown)];
    throw error;
  }
}

function verbatim(text: string): Token {
  return { type: "html", raw: text, text, block: true, pre: false };
}

/** Markdown as lines of at most `columns`, a blank one between two blocks. */
export function renderMarkdown(markdown: string, columns: number, style: Style): readonly string[] {
  return renderBlocks(blocksOf(markdown), Math.max(leastColumns, columns), style, true);
}

function renderBlocks(tokens: readonly Token[], columns: number, style: Style, isApart: boolean): readonly string[] {
  const lines: string[] = [];
  for (const token of tokens) {
    const block = renderBlock(token, columns, style);
    if (block.length === 0) continue;
    if (lines.length > 0 && isApart) lines.push("");
    for (const line of block) lines.push(line);
  }
  return lines;
}

function renderBlock(token: Tokens.Generic, columns: number, style: Style): readonly string[] {
  const wrap = (tokens: readonly Token[], isHeading: boolean): readonly string[] =>
    wrapSpans(spansOf(tokens, isHeading ? ["bold"] : [], style.keepsMarkers), columns, style).map(({ text }) => text);
  switch (token.type) {
    case "space":
    case "checkbox":
      return [];
    case "heading":
      return style.keepsMarkers ? wrapRaw(token.raw, columns, style) : wrap(token.tokens ?? [], true);
    case "paragraph":
      return wrap(token.tokens ?? [], false);
    case "text":
      return token.tokens === undefined ? wrapRaw(token.raw, columns, style) : wrap(token.tokens, false);
    case "code":
      return renderCode(token as Tokens.Code, columns, style);
    case "list":
      return renderList(token as Tokens.List, columns, style);
    case "blockquote":
      return within(renderBlocks(token.tokens ?? [], narrower(columns, 2), style, true), style.keepsMarkers ? "> " : "│ ", style);
    case "hr":
      return [style.paint(style.keepsMarkers ? token.raw.trim() : "─".repeat(Math.min(columns, ruleColumns)), ["dim"])];
    case "table":
      return renderTable(token as Tokens.Table, columns, style) ?? wrapRaw(token.raw, columns, style);
    default:
      return wrapRaw(token.raw, columns, style);
  }
}

function narrower(columns: number, by: number): number {
  return Math.max(leastColumns, columns - by);
}

function within(lines: readonly string[], prefix: string, style: Style): readonly string[] {
  return lines.map((line) => (style.paint(prefix, ["dim"]) + line).trimEnd());
}

/** As it was written. */
function wrapRaw(raw: string, columns: number, style: Style): readonly string[] {
  const text = raw.replaceAll(/^\n+|\s+$/gu, "");
  return text === "" ? [] : wrapSpans([{ text, marks: [] }], columns, style).map((line) => line.text);
}

function renderCode({ raw, text }: Tokens.Code, columns: number, style: Style): readonly string[] {
  if (style.keepsMarkers) return wrapRaw(raw, columns, style);
  return text.split("\n").flatMap((line) => renderCodeLine(line, columns, style));
}

/** One line of code; broken only where the terminal is too narrow for it. */
export function renderCodeLine(line: string, columns: number, style: Style): readonly string[] {
  const indent = style.keepsMarkers ? "" : codeIndent;
  // No space to break at: what is indented stays together.
  const spans = [{ text: line.replaceAll("\t", "    ").replaceAll(" ", "\u00A0"), marks: ["code"] as const }];
  const width = Math.max(leastColumns, columns) - indent.length;
  return wrapSpans(spans, width, style).map(({ text }) => `${indent}${text.replaceAll("\u00A0", " ")}`.trimEnd());
}

function renderList({ ordered, start, loose, items }: Tokens.List, columns: number, style: Style): readonly string[] {
  const last = (start === "" ? 1 : start) + items.length - 1;
  const width = ordered ? String(last).length + 2 : 2;
  return items.flatMap((item, index) => {
    const bullet =
      item.task && !ordered && !style.keepsMarkers
        ? ""
        : ordered
          ? `${String((start === "" ? 1 : start) + index).padStart(width - 2)}. `
          : style.keepsMarkers
            ? "- "
            : "• ";
    const box = item.task ? `${boxOf(item.checked === true, style)} ` : "";
    const lines = renderBlocks(item.tokens, narrower(columns, width + box.length), style, loose);
    const shown = (lines.length === 0 ? [""] : lines).map((line, at) => {
      const lead = at === 0 ? style.paint(bullet, ["dim"]) + box : " ".repeat(bullet.length + box.length);
      return (lead + line).trimEnd();
    });
    return loose && index > 0 ? ["", ...shown] : shown;
  });
}

function boxOf(isChecked: boolean, style: Style): string {
  if (style.keepsMarkers) return isChecked ? "[x]" : "[ ]";
  return isChecked ? "☑" : "☐";
}
