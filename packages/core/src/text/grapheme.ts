import { isHighSurrogate, isLowSurrogate } from "./length.ts";

let segmenter: Intl.Segmenter | undefined;

/**
 * The last place at or before `at`, and after `from`, where `text` can be cut without tearing what a reader sees as one character.
 * A single such character longer than that is cut between code points; a single code point is never cut, even if the place
 * then lies behind `at`. `from` must be a good place itself.
 */
export function graphemeCut(text: string, from: number, at: number): number {
  if (at >= text.length) return text.length;
  // Between two ASCII characters there is always a place, except inside CR LF: most cuts need no segmenter.
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  if (at > from && before < 0x80 && after < 0x80 && !(before === 0x0d && after === 0x0a)) return at;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const cluster = segmenter.segment(text.slice(from, at + 2)).containing(at - from);
  const start = from + (cluster?.index ?? 0);
  return start > from ? start : codePointCut(text, from, at);
}

function codePointCut(text: string, from: number, at: number): number {
  const place = Math.max(at, from + 1);
  const tears = isHighSurrogate(text.charCodeAt(place - 1)) && isLowSurrogate(text.charCodeAt(place));
  if (!tears) return place;
  return place - 1 > from ? place - 1 : place + 1;
}
