/** A piece of a text; `isFound`: it is what was looked for. */
export interface FoundPiece {
  readonly text: string;
  readonly isFound: boolean;
}

/** A text in pieces, so that what was looked for stands out: the whole query where it is there, else its words. */
export function foundPieces(text: string, query: string): readonly FoundPiece[] {
  const whole = query.trim();
  if (whole === "") return [{ text, isFound: false }];
  const isWhole = text.toLowerCase().includes(whole.toLowerCase());
  const words = isWhole ? [whole] : whole.split(/\s+/u);
  const longestFirst = words
    .toSorted((one, other) => other.length - one.length)
    .map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|]/gu, "\\$&"));
  return text
    .split(new RegExp(`(${longestFirst.join("|")})`, "giu"))
    .map((piece, index) => ({ text: piece, isFound: index % 2 === 1 }))
    .filter((piece) => piece.text !== "");
}
