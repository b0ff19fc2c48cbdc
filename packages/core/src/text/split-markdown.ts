import { findCut } from "./find-cut.ts";
import { isVisible } from "./length.ts";
import { lineAt, type Line } from "./lines.ts";
import { standsAlone } from "./natural-cut.ts";
import { openingText, parseOpening } from "./opening.ts";
import { sliceSource, type SlicedSource } from "./slice.ts";

export interface SplitOptions {
  /** In the unit of `measure`; null = no limit. */
  readonly maxLength: number | null;
  /** How long Markdown is once rendered. Asked a few times per part. */
  readonly measure: (markdown: string) => number;
  /**
   * What the source starts in the middle of, as `MarkdownPart.fence` says it: the line that opened a code fence, the two lines that
   * a table began with, the marker of a quote or a list. Default: nothing.
   */
  readonly fence?: string;
  /** The first part covers at least so many characters, whatever they measure: they stand there already. Default 0. */
  readonly atLeast?: number;
}

/** One message of a longer text: `text` shows the characters `start` to `end` of the source. */
export interface MarkdownPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** What `start` lies in the middle of, for `SplitOptions.fence`; empty = nothing. */
  readonly fence: string;
}

/**
 * Cuts Markdown into messages that fit, as late as they can be cut well: behind a block, else behind a line, else behind a
 * sentence or at a space, else between what a reader sees as two characters. Tables, lists and code that fit into one message
 * stay whole; a code fence that has to be cut is closed, and opened again in the next message, and a table is cut between rows and
 * begins anew with its head. Items of a nested list move to the margin where the list is not there any more.
 *
 * The parts cover the source without a gap; only white space at a cut is not shown, and only such lines are added. A text that
 * shows nothing gives no part. Where the limit has no room for one character between those lines, they are left out; where it has no room for a single code point, that one exceeds it.
 */
export function splitMarkdown(source: string, options: SplitOptions): readonly MarkdownPart[] {
  if (!isVisible(source)) return [];
  const { maxLength, measure } = options;
  // One that takes more than half of every message is not worth it.
  const repeats = (head: string): boolean => maxLength === null || measure(head) * 2 <= maxLength;
  const sliced = sliceSource(source, parseOpening(options.fence ?? ""), repeats);
  const parts: MarkdownPart[] = [];
  let start = 0;
  let previousLength = 0;
  let plainUntil = 0;
  while (start < source.length) {
    const atLeast = start === 0 ? (options.atLeast ?? 0) : 0;
    const cut = findCut(sliced, { ...options, start, atLeast, previousLength, plainUntil });
    if (cut.plain) plainUntil = openingEnd(sliced, cut.end);
    const end = skipBlank(sliced, cut.end, cut.plain);
    const text = sliced.show(start, cut.end, cut.plain);
    if (text !== "") parts.push({ text, start, end, fence: openingText(sliced.openingAt(start)) });
    previousLength = cut.end - start;
    start = end;
  }
  return withoutGaps(parts, source.length);
}

/** Where the fence or the table that `offset` lies in is over; `offset` itself outside of both. */
function openingEnd({ lines }: SlicedSource, offset: number): number {
  let index = lineAt(lines, offset);
  const isInside = (line: Line | undefined): boolean => line !== undefined && (line.fence !== null || line.table !== null);
  const isPart = (line: Line | undefined): boolean => isInside(line) || line?.kind === "close" || line?.kind === "row";
  if (!isPart(lines[index])) return offset;
  while (isInside(lines[index]) && isPart(lines[index + 1])) index += 1;
  return lines[index]?.next ?? Number.MAX_SAFE_INTEGER;
}

/** Whether `offset` is the end of a line that has something in it. The closing line of ours brings the line break. */
function atLineEnd(source: string, offset: number): boolean {
  return source[offset - 1] !== "\n" && /^\r?\n/u.test(source.slice(offset, offset + 2));
}

/** White space behind a cut is shown by neither part; indentation that opens the next line stays with it. */
function skipBlank(sliced: SlicedSource, cut: number, plain: boolean): number {
  const { source } = sliced;
  if (!plain && sliced.fenceAt(cut) !== null) return atLineEnd(source, cut) ? source.indexOf("\n", cut) + 1 : cut;
  let place = cut;
  if (source[place - 1] !== "\n") {
    while (source[place] === " " || source[place] === "\t" || source[place] === "\r") place += 1;
    if (source[place] === "\n") place += 1;
    else return place > cut && !standsAlone(source, place - 1) ? place - 1 : place;
  }
  for (let index = lineAt(sliced.lines, place); place < source.length; index++) {
    const line = sliced.lines[index];
    if (line === undefined || isVisible(source.slice(line.start, line.end))) return place;
    place = line.next;
  }
  return place;
}

/** Slices that show nothing belong to the part before them, at the very start to the one behind. */
function withoutGaps(parts: readonly MarkdownPart[], length: number): readonly MarkdownPart[] {
  return parts.map((part, index) => ({
    ...part,
    start: index === 0 ? 0 : part.start,
    end: parts[index + 1]?.start ?? length,
  }));
}
