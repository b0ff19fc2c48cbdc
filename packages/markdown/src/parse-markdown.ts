import type { MarkedToken, Token, Tokens } from "marked";
import { lex, type MathToken } from "./lexer.ts";
import { addText, parseInlines } from "./parse-inlines.ts";
import { parseTable } from "./parse-table.ts";
import type { Block, CodeBlock, Inline, List } from "./tree.ts";

/**
 * Markdown (GitHub's, with `||spoilers||` and formulas) as a tree. Takes any string and never throws; time and memory grow with
 * its length alone. What is nested deeper than 16 levels is text; nothing of the source is dropped but its marks.
 */
export function parseMarkdown(source: string): readonly Block[] {
  return parseBlocks(lex(source));
}

function parseBlocks(tokens: readonly Token[]): readonly Block[] {
  const blocks: Block[] = [];
  for (const token of tokens) {
    const last = blocks.at(-1);
    if (token.type !== "space") blocks.push(...parseBlock(token as MarkedToken | MathToken));
    else if (last !== undefined && endsSpaced(token.raw)) blocks[blocks.length - 1] = { ...last, isSpaced: true };
  }
  return blocks;
}

function endsSpaced(raw: string): boolean {
  return /\n[ \t]*\n$/u.test(raw);
}

function parseBlock(token: MarkedToken | MathToken): readonly Block[] {
  const isSpaced = endsSpaced(token.raw);
  switch (token.type) {
    case "heading":
      return [{ type: "heading", level: headingLevel(token.depth), content: parseInlines(token.tokens), isSpaced }];
    case "code":
      return [{ ...codeBlock(token), isSpaced }];
    case "table":
      return [{ type: "table", table: parseTable(token), isSpaced }];
    case "blockquote":
      return [{ type: "quote", blocks: parseBlocks(token.tokens), isSpaced }];
    case "list":
      return [{ type: "list", list: parseList(token), isSpaced }];
    case "hr":
      return [{ type: "rule", isSpaced }];
    case "math":
    case "mathBlock":
      return [{ type: "math", text: token.text, source: token.source.trim(), isSpaced }];
    case "html":
      return [{ type: "html", text: token.raw.trimEnd(), isSpaced }];
    case "checkbox":
      return [];
    case "paragraph":
    case "text":
      return [{ type: "paragraph", content: parseInlines(token.tokens ?? [token]), isSpaced }];
    default:
      return [{ type: "paragraph", content: verbatim(token.raw.trimEnd()), isSpaced }];
  }
}

/** A definition of a link's address, above all: readers of a chat would miss it. */
function verbatim(text: string): readonly Inline[] {
  const inlines: Inline[] = [];
  addText(text, inlines);
  return inlines;
}

function headingLevel(depth: number): 1 | 2 | 3 | 4 | 5 | 6 {
  return depth === 1 || depth === 2 || depth === 3 || depth === 4 || depth === 5 ? depth : 6;
}

function codeBlock({ text, lang: info = "" }: Tokens.Code): CodeBlock {
  const language = /^[\w+#.-]{1,32}(?=$|\s)/u.exec(info)?.[0] ?? "";
  return { type: "code", text: language === "" && info !== "" ? `${info}\n${text}` : text, language };
}

function parseList({ ordered, start, loose, items }: Tokens.List): List {
  return {
    isOrdered: ordered,
    start: start === "" ? 1 : start,
    isTight: !loose,
    items: items.map((item) => ({
      isChecked: item.task ? item.checked === true : undefined,
      blocks: parseBlocks(item.tokens),
      isSpaced: endsSpaced(item.raw),
    })),
  };
}
