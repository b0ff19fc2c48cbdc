/** An open code fence: what a part has to repeat to go on in it. */
export interface Fence {
  /** Columns before the marker; inside a list item also those of the item's own marker. */
  readonly indent: number;
  /** Three or more of ` or ~. */
  readonly marker: string;
  readonly info: string;
}

const openingLine = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(`{3,}|~{3,})(.*)$/su;
const closingLine = /^([ \t]*)(`{3,}|~{3,})\s*$/u;
const unfinishedLine = /^([ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)*)(?:`{1,2}|~{1,2}|`{3,}[^`]*|~{3,}.*)$/su;

/** A longer info string is nobody's language name: repeating it in each part would only cost room. Nor is one of tildes. */
const longestInfo = 40;

/** The fence that this line opens, or null. */
export function openedFence(line: string): Fence | null {
  if (!line.includes("```") && !line.includes("~~~")) return null;
  const match = openingLine.exec(line);
  if (match === null) return null;
  const [, prefix = "", marker = "", rest = ""] = match;
  const info = rest.trim();
  if (marker.startsWith("`") && info.includes("`")) return null;
  const repeatable = info.length <= longestInfo && !info.startsWith("~");
  return { indent: columns(prefix), marker, info: repeatable ? info : "" };
}

/** Whether this line closes `fence`. */
export function closesFence(line: string, fence: Fence): boolean {
  const match = closingLine.exec(line);
  if (match === null) return false;
  const [, prefix = "", marker = ""] = match;
  return marker.startsWith(fence.marker) && columns(prefix) <= fence.indent + 3;
}

/** Where a line that is still being written has what may become a fence; undefined = nowhere. */
export function unfinishedFence(line: string): number | undefined {
  return unfinishedLine.exec(line)?.[1]?.length;
}

/** The line that opens `fence`, with its own indentation. */
export function fenceLine(fence: Fence): string {
  return " ".repeat(fence.indent) + fence.marker + fence.info;
}

/**
 * The line that opens `fence` again at the start of a message. The list that an indented fence stood in is not there any more,
 * and four columns would make it indented code: such a fence, and the code in it, move to the margin.
 */
export function reopeningLine(fence: Fence): string {
  return fenceLine(atMargin(fence));
}

/** The line that closes `fence`; `reopened` as in `reopeningLine`. */
export function closingFenceLine(fence: Fence, reopened: boolean): string {
  return " ".repeat((reopened ? atMargin(fence) : fence).indent) + fence.marker;
}

/** Whether code that goes on in a reopened `fence` moves to the margin with it. */
export function movesToMargin(fence: Fence): boolean {
  return fence.indent > 3;
}

/** Takes as much of the indentation off a line of code as its fence had. */
export function moveToMargin(line: string, fence: Fence): string {
  const [indentation = ""] = /^[ \t]*/u.exec(line) ?? [];
  const surplus = Math.max(0, columns(indentation) - fence.indent);
  return " ".repeat(surplus) + line.slice(indentation.length);
}

function atMargin(fence: Fence): Fence {
  return movesToMargin(fence) ? { ...fence, indent: 0 } : fence;
}

function columns(indentation: string): number {
  let count = 0;
  for (const character of indentation) count += character === "\t" ? 4 - (count % 4) : 1;
  return count;
}
