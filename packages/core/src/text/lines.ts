import { closesFence, openedFence, type Fence } from "./fence.ts";

/** One line of Markdown and what it does to code fences. Offsets count UTF-16 units. */
export interface Line {
  readonly start: number;
  /** Without the line break. */
  readonly end: number;
  /** Where the next line starts. */
  readonly next: number;
  readonly kind: "blank" | "text" | "heading" | "open" | "code" | "close";
  /** The fence that is open once this line is over. */
  readonly fence: Fence | null;
}

const heading = /^ {0,3}#{1,6}(?:[ \t]|$)/u;

/** The lines of `source`, which may start inside `fence`. */
export function scanLines(source: string, fence: Fence | null): readonly Line[] {
  const lines: Line[] = [];
  let open = fence;
  for (let start = 0; start < source.length;) {
    const lineBreak = source.indexOf("\n", start);
    const end = lineBreak === -1 ? source.length : lineBreak;
    const next = lineBreak === -1 ? end : lineBreak + 1;
    const kind = lineKind(source.slice(start, end), open);
    if (kind === "open") open = openedFence(source.slice(start, end));
    else if (kind === "close") open = null;
    lines.push({ start, end, next, kind, fence: open });
    start = next;
  }
  return lines;
}

/** The fence that is open at the end of `source`, which may start inside `fence`. */
export function fenceAfter(source: string, fence: Fence | null): Fence | null {
  if (fence === null && !source.includes("```") && !source.includes("~~~")) return null;
  return scanLines(source, fence).at(-1)?.fence ?? (source === "" ? fence : null);
}

/** The fence that is open after `line`, a whole line without its break. */
export function fenceAfterLine(line: string, fence: Fence | null): Fence | null {
  if (fence === null) return openedFence(line);
  return closesFence(line, fence) ? null : fence;
}

function lineKind(line: string, fence: Fence | null): Line["kind"] {
  if (fence !== null) return closesFence(line, fence) ? "close" : "code";
  if (line.trim() === "") return "blank";
  if (openedFence(line) !== null) return "open";
  return heading.test(line) ? "heading" : "text";
}

/** The line that holds `offset`; the end of the source belongs to the last line. */
export function lineAt(lines: readonly Line[], offset: number): number {
  let low = 0;
  let high = lines.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const line = lines[middle];
    if (line !== undefined && line.start <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Whether a block ends with line `index`: what follows starts a new one. A heading belongs to what stands below it, so no
 * block ends there.
 */
export function endsBlock(lines: readonly Line[], index: number): boolean {
  const line = lines[index];
  const next = lines[index + 1];
  if (line === undefined || line.fence !== null || line.kind === "blank" || line.kind === "heading") return false;
  if (next === undefined || line.kind === "close") return true;
  return next.kind === "blank" || next.kind === "heading" || (next.kind === "open" && next.fence?.indent === 0);
}
