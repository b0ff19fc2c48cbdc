import { graphemeCut } from "./grapheme.ts";

/** What must not be torn: inline code, links, bold text, bare addresses. The bounds keep hostile text linear. */
const span =
  /(`{1,3})[^`\n]{1,400}?\1(?!`)|!?\[[^\]\n]{0,400}\]\([^)\n]{0,400}\)|\*\*[^*\n]{1,400}\*\*|__[^_\n]{1,400}__|https?:\/\/\S{1,400}/gu;
const sentenceEnd = /[.!?…:;]["'”’»)\]]{0,2}$/u;
const wideSentenceEnd = /[。！？；…]["'”’»）」』]{0,2}$/u;

/**
 * The best place inside a line to cut at, after `from` and at most `to`: behind a sentence, else at a space, in both cases
 * outside inline markup if that is possible; undefined when there is none. In `code` only spaces count.
 */
export function naturalCut(
  source: string,
  line: { readonly start: number; readonly end: number },
  from: number,
  to: number,
  code: boolean,
): number | undefined {
  const spans = code ? [] : spansOf(source, line.start, Math.min(line.end, to + 400));
  let space: number | undefined;
  let spaceInSpan: number | undefined;
  for (let place = to; place > from; place--) {
    while ((spans.at(-1)?.start ?? -1) >= place) spans.pop();
    const inSpan = (spans.at(-1)?.end ?? -1) > place;
    const atSpace = isSpace(source.charCodeAt(place)) && !isSpace(source.charCodeAt(place - 1)) && standsAlone(source, place);
    if (atSpace && inSpan) spaceInSpan ??= place;
    else if (atSpace) space ??= place;
    if (inSpan || code) continue;
    const before = source.slice(Math.max(line.start, place - 3), place);
    if ((atSpace && sentenceEnd.test(before)) || wideSentenceEnd.test(before)) return place;
  }
  return space ?? spaceInSpan;
}

function spansOf(source: string, start: number, end: number): { readonly start: number; readonly end: number }[] {
  return [...source.slice(start, end).matchAll(span)].map((match) => ({
    start: start + match.index,
    end: start + match.index + match[0].length,
  }));
}

function isSpace(unit: number): boolean {
  return unit === 0x20 || unit === 0x09;
}

/** Whether the space at `place` is no part of what follows: a combining mark behind it would be torn off. */
export function standsAlone(source: string, place: number): boolean {
  return graphemeCut(source, place, place + 1) === place + 1;
}
