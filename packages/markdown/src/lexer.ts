import { Lexer, Marked, type MarkedExtension, type Token, type TokensList } from "marked";
import { blockMath, blockMathStart, inlineMath, type FoundMath } from "./math.ts";

/** Lists and quotes within each other; what is nested deeper is text. */
const maxBlockDepth = 16;
/** Styles and links within each other. */
const maxInlineDepth = 16;
/** What hostile text costs grows with its length times its marks; more than this many is read in pieces of this length. */
const maxMarksTimesLength = 8_000_000;
const pieceLength = 4000;

/** Telegram's and Discord's `||hidden||`, which Markdown does not know. */
export interface SpoilerToken {
  readonly type: "spoiler";
  readonly raw: string;
  readonly tokens: Token[];
}

/** A formula, in a line or on lines of its own. */
export interface MathToken extends FoundMath {
  readonly type: "math" | "mathBlock";
  readonly raw: string;
}

const spoilers: MarkedExtension = {
  extensions: [
    {
      name: "spoiler",
      level: "inline",
      start: (source) => source.indexOf("||"),
      tokenizer(source) {
        if (!source.startsWith("||")) return undefined;
        const match = /^\|\|(?=[^\s|])((?:(?!\|\|)[\s\S]){0,2000}[^\s|])\|\|(?!\|)/u.exec(source);
        return match === null ? undefined : { type: "spoiler", raw: match[0], tokens: this.lexer.inlineTokens(match[1] ?? "") };
      },
    },
  ],
};

const formulas: MarkedExtension = {
  extensions: [
    {
      name: "mathBlock",
      level: "block",
      start: blockMathStart,
      tokenizer(source) {
        const found = blockMath(source);
        return found === undefined ? undefined : { ...found, type: "mathBlock", raw: found.source };
      },
    },
    {
      name: "math",
      level: "inline",
      start: (source) => /[$]|\\[([]/u.exec(source)?.index,
      tokenizer(source, tokens) {
        const found = inlineMath(source, tokens.at(-1)?.raw.at(-1) ?? "");
        return found === undefined ? undefined : { ...found, type: "math", raw: found.source };
      },
    },
  ],
};

/** A lexer whose depth and whose work per character are bounded. */
class BoundedLexer extends Lexer {
  #blockDepth = 0;
  #inlineDepth = 0;

  override blockTokens(source: string, tokens?: Token[], isParagraphClipped?: boolean): Token[];
  override blockTokens(source: string, tokens?: TokensList, isParagraphClipped?: boolean): TokensList;
  override blockTokens(source: string, tokens: Token[] = [], isParagraphClipped?: boolean): Token[] {
    if (this.#blockDepth > maxBlockDepth) {
      this.state.top = true;
      tokens.push({ type: "text", raw: source, text: source, tokens: this.inline(source) });
      return tokens;
    }
    this.#blockDepth += 1;
    const lexed = super.blockTokens(source, tokens, isParagraphClipped);
    this.#blockDepth -= 1;
    return lexed;
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (this.#inlineDepth > maxInlineDepth) {
      tokens.push({ type: "text", raw: source, text: source, escaped: false });
      return tokens;
    }
    this.#inlineDepth += 1;
    for (const piece of pieces(source)) super.inlineTokens(piece, tokens);
    this.#inlineDepth -= 1;
    return tokens;
  }
}

/** The text in pieces that are cut at a line break or a space where there is one, and never within a character. */
function pieces(source: string): readonly string[] {
  if (source.length <= pieceLength || source.length * countMarks(source) <= maxMarksTimesLength) return [source];
  const found: string[] = [];
  for (let start = 0; start < source.length;) {
    const end = pieceEnd(source, start);
    found.push(source.slice(start, end));
    start = end;
  }
  return found;
}

function countMarks(source: string): number {
  return source.match(/[*_~`[\]<&!$|\\:@]/gu)?.length ?? 0;
}

function pieceEnd(source: string, start: number): number {
  const limit = start + pieceLength;
  if (limit >= source.length) return source.length;
  const half = start + pieceLength / 2;
  const lineBreak = source.lastIndexOf("\n", limit - 1);
  if (lineBreak > half) return lineBreak + 1;
  const space = source.lastIndexOf(" ", limit - 1);
  if (space > half) return space + 1;
  return /[\uD800-\uDBFF]/u.test(source.charAt(limit - 1)) ? limit - 1 : limit;
}

const dialects = new Map<string, Marked>();

/** The tokens of Markdown with spoilers and formulas. Total: for any string, in bounded depth, and about linear in its length. */
export function lex(source: string): readonly Token[] {
  const hasSpoilers = source.includes("||");
  const hasFormulas = source.includes("$") || source.includes("\\(") || source.includes("\\[");
  const name = `${hasSpoilers} ${hasFormulas}`;
  let marked = dialects.get(name);
  if (marked === undefined) {
    marked = new Marked(...(hasSpoilers ? [spoilers] : []), ...(hasFormulas ? [formulas] : []));
    dialects.set(name, marked);
  }
  return new BoundedLexer(marked.defaults).lex(source);
}
