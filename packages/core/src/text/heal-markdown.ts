import { unfinishedFence } from "./fence.ts";
import { closersFor } from "./inline-closers.ts";
import { isHighSurrogate, isVisible } from "./length.ts";
import { parseOpening } from "./opening.ts";
import { sliceSource, type SlicedSource } from "./slice.ts";

/** How half-written Markdown is shown: `text` shows the first `covered` characters of the source. */
export interface InterimMarkdown {
  readonly text: string;
  readonly covered: number;
}

/**
 * Half-written Markdown as a whole: an open fence, bold text or code is closed, what has only begun (a lone `**`, half a link, the
 * first characters of a fence) is kept back. `fence` as in `splitMarkdown`.
 */
export function healMarkdown(source: string, fence = ""): InterimMarkdown {
  const sliced = sliceSource(source, parseOpening(fence));
  const end = finishedEnd(source);
  if (sliced.fenceAt(end) !== null) return { text: sliced.show(0, end), covered: end };
  const start = paragraphStart(sliced, end);
  const { kept, closers } = closersFor(source.slice(start, end));
  const text = sliced.show(0, start + kept);
  return { text: text === "" ? "" : text + closers, covered: start + kept };
}

/** Half-written Markdown where what is shown may only grow: as it is, without the first characters of a fence. */
export function growMarkdown(source: string, fence = ""): InterimMarkdown {
  const sliced = sliceSource(source, parseOpening(fence));
  const end = finishedEnd(source);
  const text = sliced.show(0, end);
  const open = text !== "" && sliced.fenceAt(end) !== null;
  return {
    text: open ? text.slice(0, text.lastIndexOf("\n")).trimEnd() : text,
    // White space at the end is not shown yet: a cut may still come before it.
    covered: source.slice(0, end).trimEnd().length,
  };
}

/** Finished Markdown as one message, whatever its length. */
export function showMarkdown(source: string, fence = ""): string {
  return sliceSource(source, parseOpening(fence)).show(0, source.length);
}

/** Where something begins that may become a fence, or half a code point; else the end. */
function finishedEnd(source: string): number {
  const lineStart = source.lastIndexOf("\n") + 1;
  const fence = unfinishedFence(source.slice(lineStart));
  if (fence !== undefined) return lineStart + fence;
  return source.length > 0 && isHighSurrogate(source.charCodeAt(source.length - 1)) ? source.length - 1 : source.length;
}

/** Where the paragraph begins that `end` belongs to: markup does not reach across blank lines. */
function paragraphStart({ source, lines }: SlicedSource, end: number): number {
  let start = end;
  for (let index = lines.length - 1; index >= 0; index--) {
    const line = lines[index];
    if (line === undefined || line.start >= end) continue;
    if (line.kind !== "text" && line.kind !== "heading" && line.kind !== "row" && line.kind !== "head") break;
    start = line.start;
    // In a table markup does not reach across lines.
    if (line.kind === "heading" || line.kind === "row") break;
  }
  return isVisible(source.slice(start, end)) ? start : end;
}
