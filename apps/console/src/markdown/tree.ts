import type { Token, Tokens } from "marked";
import { safeLink } from "./safe-link.ts";

/** A piece of a line. */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "strong" | "emphasis" | "deleted"; readonly children: readonly Inline[] }
  | { readonly kind: "link"; readonly href: string; readonly title?: string; readonly children: readonly Inline[] }
  | { readonly kind: "image"; readonly source: string; readonly alt: string };

/** An entry of a list; `checked`: it is a task. */
export interface ListEntry {
  readonly checked?: boolean;
  readonly blocks: readonly Block[];
}

/** A cell of a table. */
export interface Cell {
  readonly align?: "left" | "center" | "right";
  readonly children: readonly Inline[];
}

/** A block of a text. */
export type Block =
  | { readonly kind: "paragraph"; readonly children: readonly Inline[] }
  /** Text of a list entry without blank lines: no paragraph of its own. */
  | { readonly kind: "line"; readonly children: readonly Inline[] }
  | { readonly kind: "heading"; readonly level: number; readonly children: readonly Inline[] }
  | { readonly kind: "code"; readonly language: string; readonly text: string }
  | { readonly kind: "quote"; readonly blocks: readonly Block[] }
  | { readonly kind: "list"; readonly start?: number; readonly entries: readonly ListEntry[] }
  | { readonly kind: "table"; readonly head: readonly Cell[]; readonly rows: readonly (readonly Cell[])[] }
  | { readonly kind: "rule" };

/** Blocks of marked's tokens: only what is known here gets through, HTML stays the text it is. */
export function blocksOf(tokens: readonly Token[]): readonly Block[] {
  return tokens.flatMap(blockOf);
}

function blockOf(token: Token): readonly Block[] {
  switch (token.type) {
    case "paragraph":
      return [{ kind: "paragraph", children: inlinesOf((token as Tokens.Paragraph).tokens) }];
    case "text": {
      const { tokens, text } = token as Tokens.Text;
      return [{ kind: "line", children: tokens === undefined ? [{ kind: "text", text }] : inlinesOf(tokens) }];
    }
    case "heading": {
      const { depth, tokens } = token as Tokens.Heading;
      return [{ kind: "heading", level: depth, children: inlinesOf(tokens) }];
    }
    case "code": {
      const { lang, text } = token as Tokens.Code;
      return [{ kind: "code", language: /^[\w+#.-]{1,30}/u.exec(lang ?? "")?.[0]?.toLowerCase() ?? "", text }];
    }
    case "blockquote":
      return [{ kind: "quote", blocks: blocksOf((token as Tokens.Blockquote).tokens) }];
    case "list":
      return [listOf(token as Tokens.List)];
    case "table":
      return [tableOf(token as Tokens.Table)];
    case "hr":
      return [{ kind: "rule" }];
    case "html":
      return [{ kind: "paragraph", children: [{ kind: "text", text: token.raw.trim() }] }];
    case "space":
    case "def":
    case "checkbox":
      return [];
    default:
      return [{ kind: "paragraph", children: [{ kind: "text", text: token.raw }] }];
  }
}

function listOf({ ordered, start, items }: Tokens.List): Block {
  const entries = items.map((item) => ({
    ...(item.task ? { checked: item.checked === true } : {}),
    blocks: blocksOf(item.tokens),
  }));
  return { kind: "list", ...(ordered ? { start: typeof start === "number" ? start : 1 } : {}), entries };
}

function tableOf({ header, rows }: Tokens.Table): Block {
  const cell = ({ align, tokens }: Tokens.TableCell): Cell => ({
    ...(align === null ? {} : { align }),
    children: inlinesOf(tokens),
  });
  return { kind: "table", head: header.map(cell), rows: rows.map((row) => row.map(cell)) };
}

/** Pieces of a line of marked's inline tokens. */
export function inlinesOf(tokens: readonly Token[]): readonly Inline[] {
  return tokens.flatMap(inlineOf);
}

function inlineOf(token: Token): readonly Inline[] {
  switch (token.type) {
    case "text": {
      const { tokens, text } = token as Tokens.Text;
      return tokens === undefined ? [{ kind: "text", text }] : inlinesOf(tokens);
    }
    case "escape":
      return [{ kind: "text", text: (token as Tokens.Escape).text }];
    case "codespan":
      return [{ kind: "code", text: (token as Tokens.Codespan).text }];
    case "strong":
      return [{ kind: "strong", children: inlinesOf((token as Tokens.Strong).tokens) }];
    case "em":
      return [{ kind: "emphasis", children: inlinesOf((token as Tokens.Em).tokens) }];
    case "del":
      return [{ kind: "deleted", children: inlinesOf((token as Tokens.Del).tokens) }];
    case "br":
      return [{ kind: "break" }];
    case "link":
      return linkOf(token as Tokens.Link);
    case "image":
      return imageOf(token as Tokens.Image);
    case "html":
      return /^<br\s*\/?>$/iu.test(token.raw) ? [{ kind: "break" }] : [{ kind: "text", text: token.raw }];
    case "checkbox":
      return [];
    default:
      return [{ kind: "text", text: token.raw }];
  }
}

/** A link to somewhere a page must not lead stays its text. */
function linkOf({ href, title, tokens }: Tokens.Link): readonly Inline[] {
  const safe = safeLink(href);
  const children = inlinesOf(tokens);
  if (safe === undefined) return children;
  return [{ kind: "link", href: safe, ...(typeof title === "string" && title !== "" ? { title } : {}), children }];
}

/** Only this gateway's own files are shown; another source would learn who reads: it is a link. */
function imageOf({ href, text }: Tokens.Image): readonly Inline[] {
  if (/^\/v1\/files\/[\w.%~/-]+$/u.test(href) && !href.includes("..")) return [{ kind: "image", source: href, alt: text }];
  const safe = safeLink(href);
  const label = text === "" ? href : text;
  if (safe === undefined) return [{ kind: "text", text: label }];
  return [{ kind: "link", href: safe, children: [{ kind: "text", text: label }] }];
}

/** Levels of a text's headings, each with its place among them: 0 for the highest that is there. */
export function headingRanks(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const depths = tokens.flatMap((token) => (token.type === "heading" ? [(token as Tokens.Heading).depth] : []));
  return new Map([...new Set(depths)].sort((one, other) => one - other).map((depth, rank) => [depth, rank]));
}
