import { fenceLine, openedFence, type Fence } from "./fence.ts";

/** What a piece of Markdown begins in the middle of, and what a message has to repeat to go on in it. */
export type Opening =
  | { readonly kind: "fence"; readonly fence: Fence }
  /** `head`: the two lines that a table begins with. `isWithinRow`: what comes first is the rest of a row. */
  | { readonly kind: "table"; readonly head: string; readonly isWithinRow: boolean }
  /** The rest of a line that began with this marker. */
  | { readonly kind: "quote"; readonly marker: string }
  /** A list: its items may be indented. */
  | { readonly kind: "list" };

const listText = "- ";

/** An opening as text, as it is stored: the line that opened a fence, the two lines of a table (a line break behind them: within a row). */
export function openingText(opening: Opening | null): string {
  switch (opening?.kind) {
    case undefined:
      return "";
    case "fence":
      return fenceLine(opening.fence);
    case "table":
      return opening.isWithinRow ? `${opening.head}\n` : opening.head;
    case "quote":
      return opening.marker;
    case "list":
      return listText;
  }
}

/** What `openingText` wrote. */
export function parseOpening(text: string): Opening | null {
  if (text === "") return null;
  if (text === listText) return { kind: "list" };
  if (text.includes("\n")) return { kind: "table", head: text.trimEnd(), isWithinRow: text.endsWith("\n") };
  const fence = openedFence(text);
  if (fence !== null) return { kind: "fence", fence };
  return /^[ >]*>[ >]*$/u.test(text) ? { kind: "quote", marker: text } : null;
}

/** The fence that is open; null in everything else. */
export function fenceOf(opening: Opening | null): Fence | null {
  return opening?.kind === "fence" ? opening.fence : null;
}
