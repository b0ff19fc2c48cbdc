/** How many lines are compared. */
const comparedLines = 5000;
const longestLine = 400;

/**
 * The lines of a text that are most like the first line of another that does not stand in it: where the white space differs, or a
 * word. Undefined where nothing is alike.
 */
export function nearestLines(text: string, wanted: string): { readonly line: number; readonly text: string } | undefined {
  const wantedLines = wanted.split("\n");
  const first = wantedLines.find((line) => line.trim() !== "");
  if (first === undefined) return undefined;
  const lines = text.split("\n", comparedLines);
  const target = wordsOf(first);
  let best: { readonly line: number; readonly likeness: number } | undefined;
  for (const [index, line] of lines.entries()) {
    const likeness = likenessOf(target, wordsOf(line));
    if (likeness >= 0.5 && likeness > (best?.likeness ?? 0)) best = { line: index, likeness };
  }
  if (best === undefined) return undefined;
  const shown = lines.slice(best.line, best.line + Math.min(wantedLines.length, 10)).map((line) => line.slice(0, longestLine));
  return { line: best.line + 1, text: shown.join("\n") };
}

function wordsOf(line: string): ReadonlySet<string> {
  return new Set(line.slice(0, longestLine).match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []);
}

/** The part of all words that both have. */
function likenessOf(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  let common = 0;
  for (const word of one) if (other.has(word)) common += 1;
  const all = one.size + other.size - common;
  return all === 0 ? 0 : common / all;
}
