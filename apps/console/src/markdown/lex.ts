import { Lexer, type Token } from "marked";

/** A text and its top-level blocks; their `raw` joins to the text. */
export interface Lexed {
  readonly source: string;
  readonly tokens: readonly Token[];
}

/** Blocks of a whole text. */
export function lex(source: string): Lexed {
  return { source, tokens: fullTokens(source) };
}

/**
 * Blocks of a text that goes on from an earlier one: only its end is read again, so that a long answer costs no more with each word.
 * The last two blocks are read again, since what comes can still change what they are.
 */
export function lexOn(earlier: Lexed | undefined, source: string): Lexed {
  if (earlier === undefined || !source.startsWith(earlier.source)) return lex(source);
  if (source.length === earlier.source.length) return earlier;
  const kept = settled(earlier.tokens);
  const length = kept.reduce((sum, { raw }) => sum + raw.length, 0);
  return { source, tokens: [...kept, ...fullTokens(source.slice(length))] };
}

function fullTokens(source: string): readonly Token[] {
  return new Lexer({ gfm: true, breaks: false }).lex(source);
}

/** Blocks that nothing behind them changes any more. */
function settled(tokens: readonly Token[]): readonly Token[] {
  let blocks = 0;
  for (let at = tokens.length - 1; at >= 0; at -= 1) {
    if (tokens[at]?.type === "space") continue;
    blocks += 1;
    if (blocks === 2) return tokens.slice(0, at);
  }
  return [];
}

/** Blocks of a growing text as they are shown: a table whose second line is not there yet would be seen as lines with bars. */
export function shownTokens(tokens: readonly Token[]): readonly Token[] {
  const last = tokens.at(-1);
  const isHalfTable = last?.type === "paragraph" && /^\|[^\n]*(?:\n[|: -]*)?$/u.test(last.raw);
  return isHalfTable ? tokens.slice(0, -1) : tokens;
}
