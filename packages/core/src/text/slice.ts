import type { Fence } from "./fence.ts";
import { lineAt, scanLines, type Line } from "./lines.ts";
import { fenceOf, type Opening } from "./opening.ts";
import { dropBlankLines, showSlice } from "./show-slice.ts";

/** Markdown that can be looked at piece by piece: each slice reads as a message of its own. */
export interface SlicedSource {
  readonly source: string;
  readonly lines: readonly Line[];
  /** What `offset` lies in the middle of; null inside the very line that opens a fence. */
  readonly openingAt: (offset: number) => Opening | null;
  /** The fence that is open at `offset`. */
  readonly fenceAt: (offset: number) => Fence | null;
  /**
   * The slice as a message: blank lines at its ends dropped, a fence that is open at its start opened again, one that is open at
   * its end closed, the head of a table repeated above its rows. `plain` leaves all that out, for where there is no room for it.
   */
  readonly show: (start: number, end: number, plain?: boolean) => string;
}

/** `repeats` says whether the head of a table is worth repeating; default: each is. */
export function sliceSource(
  source: string,
  given: Opening | null,
  repeats: (head: string) => boolean = () => true,
): SlicedSource {
  const known = new Map<string, boolean>();
  const repeated = (opening: Opening | null): Opening | null => {
    if (opening?.kind !== "table") return opening;
    const answer = known.get(opening.head) ?? repeats(opening.head);
    known.set(opening.head, answer);
    return answer ? opening : null;
  };
  const opening = repeated(given);
  let scanned: readonly Line[] | undefined;
  const withoutFences = fenceOf(opening) === null && !source.includes("```") && !source.includes("~~~");
  const lines = (): readonly Line[] => (scanned ??= scanLines(source, opening));

  function fenceAt(offset: number): Fence | null {
    if (withoutFences) return null;
    if (offset === 0) return fenceOf(opening);
    const index = lineAt(lines(), offset);
    const line = lines()[index];
    const before = index === 0 ? fenceOf(opening) : (lines()[index - 1]?.fence ?? null);
    if (line === undefined || offset >= line.end) return line !== undefined && offset > line.start ? line.fence : before;
    if (offset === line.start || line.kind === "close") return before;
    return line.kind === "open" ? null : line.fence;
  }

  function openingAt(offset: number): Opening | null {
    if (offset === 0) return opening;
    const fence = fenceAt(offset);
    if (fence !== null) return { kind: "fence", fence };
    const index = lineAt(lines(), offset);
    const line = lines()[index];
    if (line === undefined) return null;
    if (offset === line.start) return repeated(between(lines()[index - 1]));
    if (offset === line.next && line.next > line.end) return repeated(between(line));
    if (line.kind === "row" && line.table !== null) return repeated({ kind: "table", head: line.table, isWithinRow: true });
    const [marker] = /^ {0,3}>[ >]*/u.exec(source.slice(line.start, line.end)) ?? [];
    return line.kind === "text" && marker !== undefined && offset >= line.start + marker.length
      ? { kind: "quote", marker }
      : null;
  }

  return {
    source,
    get lines() {
      return lines();
    },
    openingAt,
    fenceAt,
    show(start, end, plain = false) {
      if (plain) return dropBlankLines(source.slice(start, end)).trimEnd();
      const first = openingAt(start);
      if (withoutFences && first === null) return dropBlankLines(source.slice(start, end)).trimEnd();
      return showSlice(source.slice(start, end), first, fenceAt(end));
    },
  };
}

/** What is open between `line` and the one below it. */
function between(line: Line | undefined): Opening | null {
  if (line === undefined) return null;
  if (line.table !== null) return { kind: "table", head: line.table, isWithinRow: false };
  return line.isInList ? { kind: "list" } : null;
}
