import { isHighSurrogate, isLowSurrogate } from "./length.ts";

let segmenter: Intl.Segmenter | undefined;

/**
 * The last place at or before `at`, and after `from`, where `text` can be cut without tearing what a reader sees as one character;
 * undefined where a single one is longer than that. `from` must be a good place itself.
 */
export function graphemeCut(text: string, from: number, at: number): number | undefined {
  if (at <= from) return undefined;
  if (at >= text.length) return text.length;
  // Between two ASCII characters there is always a place, except inside CR LF: most cuts need no segmenter.
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  if (before < 0x80 && after < 0x80 && !(before === 0x0d && after === 0x0a)) return at;
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  const cluster = segmenter.segment(text.slice(from, at + 2)).containing(at - from);
  return cluster === undefined || cluster.index === 0 ? undefined : from + cluster.index;
}

/** The last place at or before `at` that tears no code point, but at least one code point after `from`. */
export function codePointCut(text: string, from: number, at: number): number {
  const place = Math.min(Math.max(at, from + 1), text.length);
  const tears = isHighSurrogate(text.charCodeAt(place - 1)) && isLowSurrogate(text.charCodeAt(place));
  if (!tears) return place;
  return place - 1 > from ? place - 1 : place + 1;
}
