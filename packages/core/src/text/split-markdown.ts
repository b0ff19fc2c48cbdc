import { fenceLine, openedFence } from "./fence.ts";
import { findCut } from "./find-cut.ts";
import { isVisible } from "./length.ts";
import { lineAt } from "./lines.ts";
import { standsAlone } from "./natural-cut.ts";
import { sliceSource, type SlicedSource } from "./slice.ts";

export interface SplitOptions {
  /** In the unit of `measure`; null = no limit. */
  readonly maxLength: number | null;
  /** How long Markdown is once rendered. Asked a few times per part. */
  readonly measure: (markdown: string) => number;
  /** The source starts inside a code fence that this line opened. Default: none. */
  readonly fence?: string;
  /** The first part covers at least so many characters, whatever they measure: they stand there already. Default 0. */
  readonly atLeast?: number;
}

/** One message of a longer text: `text` shows the characters `start` to `end` of the source. */
export interface MarkdownPart {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The line that opened the code fence which `start` lies in; empty = none. */
  readonly fence: string;
}

/**
 * Cuts Markdown into messages that fit, as late as they can be cut well: behind a block, else behind a line, else behind a
 * sentence or at a space, else between what a reader sees as two characters. Tables, lists and code that fit into one message
 * stay whole; a code fence that has to be cut is closed, and opened again in the next message.
 *
 * The parts cover the source without a gap; only white space at a cut is not shown, and only fence lines are added. A text that
 * shows nothing gives no part. Where the limit has no room for one character between two fence lines, fences are left as they are; where it has
 * no room for a single code point, that one exceeds it.
 */
export function splitMarkdown(source: string, options: SplitOptions): readonly MarkdownPart[] {
  if (!isVisible(source)) return [];
  const sliced = sliceSource(source, options.fence === undefined ? null : openedFence(options.fence));
  const parts: MarkdownPart[] = [];
  let start = 0;
  let previousLength = 0;
  let plainUntil = 0;
  while (start < source.length) {
    const atLeast = start === 0 ? (options.atLeast ?? 0) : 0;
    const cut = findCut(sliced, { ...options, start, atLeast, previousLength, plainUntil });
    if (cut.plain) plainUntil = fenceEnd(sliced, cut.end);
    const end = skipBlank(sliced, cut.end, cut.plain);
    const text = sliced.show(start, cut.end, cut.plain);
    const fence = sliced.fenceAt(start);
    if (text !== "") parts.push({ text, start, end, fence: fence === null ? "" : fenceLine(fence) });
    previousLength = cut.end - start;
    start = end;
  }
  return withoutGaps(parts, source.length);
}

/** Where the fence that `offset` lies in is over; `offset` itself outside of fences. */
function fenceEnd({ lines }: SlicedSource, offset: number): number {
  let index = lineAt(lines, offset);
  let line = lines[index];
  if (line === undefined || (line.kind !== "open" && line.kind !== "code" && line.kind !== "close")) return offset;
  while (line !== undefined && line.kind !== "close") {
    index += 1;
    line = lines[index];
  }
  return line?.next ?? Number.MAX_SAFE_INTEGER;
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
