/** A formula at the beginning of a text. */
export interface FoundMath {
  readonly text: string;
  readonly source: string;
  readonly isDisplayed: boolean;
}

/** Longer ones are text: looking further for an end would make hostile text expensive. */
const maxBlockLength = 4000;
const maxTries = 8;
const blockOpener = /^ {0,3}(\$\$|\\\[)/u;
const displayed = /^\$\$([^$\n]{1,1000})\$\$(?!\$)/u;
const dollars = /^\$(?![\s$])((?:[^$\\\n]|\\[^\n]){1,400})(?<!\s)\$(?![$\w])/u;
const parentheses = /^\\\(((?:[^\\\n]|\\(?!\))){1,1000})\\\)/u;
const brackets = /^\\\[((?:[^\\\n]|\\(?!\])){1,1000})\\\]/u;

/** Signs that a formula has and a sum of money has not. */
const formulaSign = /[\\^_={}<>+*/|]/u;

/** A formula on lines of its own, with the break behind it. No empty line is part of one. */
export function blockMath(source: string): FoundMath | undefined {
  const [opener = "", mark = ""] = blockOpener.exec(source) ?? [];
  if (opener === "") return undefined;
  const near = source.slice(0, maxBlockLength);
  const end = near.indexOf(mark === "$$" ? mark : "\\]", opener.length);
  if (end === -1) return undefined;
  const text = near.slice(opener.length, end).trim();
  const [behind] = /^[ \t]*(?:\n|$)/u.exec(source.slice(end + 2, end + maxBlockLength)) ?? [];
  if (text === "" || behind === undefined || /\n[ \t]*\n/u.test(text)) return undefined;
  return { text, source: source.slice(0, end + 2) + behind, isDisplayed: true };
}

/** Where in a paragraph a formula on lines of its own begins; undefined = nowhere near. */
export function blockMathStart(source: string): number | undefined {
  const near = source.slice(0, maxBlockLength);
  const paragraph = /\n[ \t]*\n/u.exec(near);
  const lines = paragraph === null ? near : near.slice(0, paragraph.index + 1);
  // A paragraph that is cut where no formula follows would be put together again, each time as a whole.
  return [...lines.matchAll(/\n(?= {0,3}(?:\$\$|\\\[))/gu)]
    .slice(0, maxTries)
    .map(({ index }) => index + 1)
    .find((start) => blockMath(source.slice(start)) !== undefined);
}

/** A formula in a line. `before` is the character it follows: `US$5` begins none. */
export function inlineMath(source: string, before: string): FoundMath | undefined {
  const found = (match: RegExpExecArray | null, isDisplayed: boolean): FoundMath | undefined => {
    const text = match?.[1]?.trim() ?? "";
    return match === null || text === "" ? undefined : { text, source: match[0], isDisplayed };
  };
  if (source.startsWith("\\(")) return found(parentheses.exec(source), false);
  if (source.startsWith("\\[")) return found(brackets.exec(source), true);
  if (!source.startsWith("$") || /[\w$]/u.test(before)) return undefined;
  if (source.startsWith("$$")) return found(displayed.exec(source), true);
  const math = found(dollars.exec(source), false);
  return math === undefined || looksLikeMoney(math.text) ? undefined : math;
}

/** `$5 to 6$`: begins with a number, and goes on without anything that only formulas have. */
function looksLikeMoney(text: string): boolean {
  return /^[\d.,]+\s/u.test(text) && !formulaSign.test(text);
}
