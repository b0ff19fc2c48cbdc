import { closesFence, openedFence } from "./fence.ts";
import { codePointCut, graphemeCut } from "./grapheme.ts";
import { lastFitting } from "./last-fitting.ts";
import { endsBlock, endsItem, lineAt, type Line } from "./lines.ts";
import { naturalCut } from "./natural-cut.ts";
import type { SlicedSource } from "./slice.ts";

export interface CutRequest {
  readonly start: number;
  /** How many characters from `start` have to be on this side of the cut. */
  readonly atLeast: number;
  /** How many characters the part before took: the first guess. 0 = there was none. */
  readonly previousLength: number;
  /** Up to here fences have to be left as they are. */
  readonly plainUntil: number;
  readonly maxLength: number | null;
  readonly measure: (markdown: string) => number;
}

export interface Cut {
  readonly end: number;
  /** Fences are left as they are: there is no room for their lines. */
  readonly plain: boolean;
}

/** A cut that leaves a part emptier than this is worth a less beautiful one. */
const leastFilled = 0.25;

/** Where the part that begins at `start` ends. */
export function findCut(sliced: SlicedSource, request: CutRequest): Cut {
  const { maxLength, start } = request;
  const length = sliced.source.length;
  if (maxLength === null) return { end: length, plain: false };
  if (start < request.plainUntil) return cutPlain({ ...request, sliced, maxLength });
  const expected = request.previousLength === 0 ? maxLength : request.previousLength;
  const size = sizes(sliced, request, maxLength, expected);
  if (length - start <= expected * 2 && size(length) <= maxLength) return { end: length, plain: false };
  const search: Search = { ...request, sliced, maxLength, size, least: start + request.atLeast, guess: start + expected };
  const end = cutBetweenLines(search);
  return end === undefined ? cutPlain(search) : { end, plain: false };
}

/** What a part measures, by its end. Far more than is expected is first tried in part: what is too long then is not measured whole. */
function sizes(
  sliced: SlicedSource,
  { start, measure }: CutRequest,
  maxLength: number,
  expected: number,
): (end: number) => number {
  const known = new Map<number, number>();
  const size = (end: number): number => {
    const before = known.get(end);
    if (before !== undefined) return before;
    const tooMuch = end - start > expected * 4 && size(start + Math.ceil((end - start) / 4)) > maxLength;
    const measured = tooMuch ? Number.POSITIVE_INFINITY : measure(sliced.show(start, end));
    known.set(end, measured);
    return measured;
  };
  return size;
}

interface PlainSearch extends CutRequest {
  readonly sliced: SlicedSource;
  readonly maxLength: number;
}

interface Search extends PlainSearch {
  /** What the part measures if it is cut at `end`. */
  readonly size: (end: number) => number;
  readonly least: number;
  readonly guess: number;
}

function cutBetweenLines(search: Search): number | undefined {
  const { sliced, start, size, maxLength, least } = search;
  const { lines } = sliced;
  const first = lineAt(lines, start);
  const end = (index: number): number => lines[index]?.next ?? sliced.source.length;
  const last = lastFitting(first, lines.length - 1, lineAt(lines, search.guess), (index) => size(end(index)) <= maxLength);
  if (last === lines.length - 1) return sliced.source.length;

  const allowed = (index: number): boolean => end(index) >= least;
  const block = lastIndex(first, last, (index) => allowed(index) && endsBlock(lines, index));
  if (block !== undefined && (isFilled(search, end(block)) || staysWhole(search, block + 1))) return end(block);
  const item = lastIndex(first, last, (index) => allowed(index) && endsItem(sliced.source, lines, index));
  if (item !== undefined && (isFilled(search, end(item)) || rowStaysWhole(search, item + 1))) return end(item);
  const line = lastIndex(first, last, (index) => allowed(index) && separates(lines[index]));
  if (line !== undefined && isFilled(search, end(line))) return end(line);
  const inside = cutInside(search, lines[last + 1]);
  if (inside !== undefined && inside >= least) return inside;
  const between =
    block ??
    line ??
    lastIndex(first, last, (index) => allowed(index) && (lines[index]?.kind === "heading" || lines[index]?.kind === "head"));
  if (between !== undefined) return end(between);
  return search.atLeast > 0 ? least : undefined;
}

function isFilled(search: Search, end: number): boolean {
  return search.size(end) >= search.maxLength * leastFilled;
}

/** Whether a part may end with `line`: not with a heading or the head of a table, nor with one that only opens a fence. */
function separates(line: Line | undefined): boolean {
  return line !== undefined && line.kind !== "open" && line.kind !== "heading" && line.kind !== "head";
}

/** Whether row `index` of a table, too long for this part, fits below the repeated head in one of its own. */
function rowStaysWhole({ sliced, measure, maxLength }: Search, index: number): boolean {
  const row = sliced.lines[index];
  return row?.kind === "row" && measure(sliced.show(row.start, row.next)) <= maxLength;
}

/** Whether the block after line `before` has several lines (a table, a list, code) and fits into a part of its own. */
function staysWhole(search: Search, before: number): boolean {
  const { sliced, maxLength } = search;
  const { lines } = sliced;
  let first = before;
  while (lines[first]?.kind === "blank") first += 1;
  const start = lines[first]?.start;
  if (start === undefined) return false;
  let last = first;
  while (last < lines.length - 1 && (lines[last]?.kind === "heading" || !endsBlock(lines, last))) {
    // Text rarely renders to a fraction of its length: what is far too long need not be measured.
    if ((lines[last]?.next ?? 0) - start > maxLength * 4) return false;
    last += 1;
  }
  return last > first && search.measure(sliced.show(start, lines[last]?.next ?? start)) <= maxLength;
}

/** A place inside `line`, which is the first that does not fit whole. */
function cutInside(search: Search, line: Line | undefined): number | undefined {
  if (line === undefined || line.kind === "open" || line.kind === "close") return undefined;
  if (line.kind === "head" && line.start > search.start) return undefined;
  const { sliced, start, size, maxLength } = search;
  const { source } = sliced;
  const from = Math.max(start, line.start);
  const fits = (end: number): boolean => size(end) <= maxLength;
  const hard = lastFitting(from + 1, line.end - 1, search.guess, fits);
  if (hard <= from) return undefined;
  const least = Math.max(from, search.least - 1, start + ((hard - start) >> 2));
  const natural = naturalCut(source, line, least, hard, line.kind === "code");
  if (natural !== undefined && fits(natural) && !makesFence(source, line, from, natural)) return natural;
  // Rarely more than one step: half of what is left where the measure shrinks as text grows, one back where a fence would appear.
  for (let reach = hard; reach > from;) {
    const end = graphemeCut(source, from, reach);
    if (end === undefined) return undefined;
    if (!fits(end)) reach = from + ((reach - from) >> 1);
    else if (makesFence(source, line, from, end)) reach = end - 1;
    else return end;
  }
  return undefined;
}

/** Whether one half of a line that is cut at `place` would open or close a fence, which the whole line does not. */
function makesFence(source: string, line: Line, from: number, place: number): boolean {
  const { fence } = line;
  const changes = (half: string): boolean => (fence === null ? openedFence(half) !== null : closesFence(half, fence));
  return changes(source.slice(from, place)) || changes(source.slice(place, line.end).trimStart());
}

/** The last way out, for limits of a few characters: takes what fits, whatever it is, and at least one code point. */
function cutPlain(search: PlainSearch): Cut {
  const { sliced, start, maxLength, measure } = search;
  const { source } = sliced;
  const fits = (end: number): boolean => measure(sliced.show(start, end, true)) <= maxLength;
  const hard = lastFitting(start + 1, source.length, start + maxLength, fits);
  const line = sliced.lines[lineAt(sliced.lines, start)];
  const reach = Math.min(Math.max(hard, start + 1), Math.max(line?.next ?? 0, start + 1));
  return { end: graphemeCut(source, start, reach) ?? codePointCut(source, start, reach), plain: true };
}

function lastIndex(first: number, last: number, holds: (index: number) => boolean): number | undefined {
  for (let index = last; index >= first; index--) if (holds(index)) return index;
  return undefined;
}
