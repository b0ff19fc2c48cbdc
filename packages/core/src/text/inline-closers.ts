interface Opened {
  readonly marker: string;
  readonly at: number;
  readonly end: number;
}

/** Bounded, so that hostile text stays linear. */
const unfinishedLink = /!?\[[^\]\n]{0,500}\]\([^)\s]{0,2000}$/u;

/**
 * What half a paragraph needs to read as a whole one: how many of its characters to keep, and what to put behind them. Follows
 * CommonMark as far as models use it: code, emphasis, strike-through, links.
 */
export function closersFor(paragraph: string): { readonly kept: number; readonly closers: string } {
  const link = unfinishedLink.exec(paragraph.slice(-2500));
  const text = link === null ? paragraph : paragraph.slice(0, Math.max(0, paragraph.length - 2500) + link.index);
  const open: Opened[] = [];
  for (let at = 0; at < text.length;) {
    const character = text.charAt(at);
    const length = character === "\\" ? 2 : runLength(text, at);
    if (character === "`") {
      const end = closingRun(text, at, length);
      if (end === undefined) return close(text, [...open, { marker: "`".repeat(length), at, end: at + length }]);
      at = end;
      continue;
    }
    if (isEmphasis(character, length)) applyEmphasis(text, { marker: character.repeat(length), at, end: at + length }, open);
    at += length;
  }
  return close(text, open);
}

function close(text: string, open: readonly Opened[]): { readonly kept: number; readonly closers: string } {
  const inkEnd = text.trimEnd().length;
  let kept = open.at(-1)?.marker.startsWith("`") === true ? withoutBackticks(text.slice(0, inkEnd)) : inkEnd;
  const closers: string[] = [];
  for (const { marker, at, end } of open.toReversed()) {
    // Markup around nothing would show its own marks.
    if (end >= kept) kept = text.slice(0, at).trimEnd().length;
    else closers.push(marker);
  }
  // Behind white space marks close nothing, and on a line of their own three of them open a fence.
  return { kept: kept === inkEnd && closers.length === 0 ? text.length : kept, closers: closers.join("") };
}

/** A closing mark right behind others of its kind would be one with them: they may be its beginning. */
function withoutBackticks(text: string): number {
  let end = text.length;
  while (text.charAt(end - 1) === "`") end -= 1;
  return end === text.length ? end : text.slice(0, end).trimEnd().length;
}

function applyEmphasis(text: string, run: Opened, open: Opened[]): void {
  const before = text.charAt(run.at - 1);
  const after = text.charAt(run.end);
  const word = run.marker.startsWith("_");
  const canClose = isInk(before) && !(word && isWord(after));
  const canOpen = (after === "" || isInk(after)) && !(word && isWord(before));
  const match = open.findLastIndex(({ marker }) => marker === run.marker);
  if (canClose && match !== -1) open.length = match;
  else if (canOpen) open.push(run);
}

function isEmphasis(character: string, length: number): boolean {
  return character === "*" || character === "_" ? length <= 3 : character === "~" && length <= 2;
}

function runLength(text: string, at: number): number {
  // What is no markup has no runs: looking for their ends would make a long line of one letter cost its square.
  if (!"`*_~".includes(text.charAt(at))) return 1;
  let end = at + 1;
  while (end < text.length && text.charCodeAt(end) === text.charCodeAt(at)) end += 1;
  return end - at;
}

function closingRun(text: string, at: number, length: number): number | undefined {
  for (let start = text.indexOf("`", at + length); start !== -1;) {
    const found = runLength(text, start);
    if (found === length) return start + length;
    start = text.indexOf("`", start + found);
  }
  return undefined;
}

function isInk(character: string): boolean {
  return character !== "" && character.trim() !== "";
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character);
}
