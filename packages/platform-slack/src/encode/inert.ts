export interface InertOptions {
  /** User ids that may be pinged. */
  readonly mentions: readonly string[];
  /** More of the line may follow: what cannot be decided yet is left out. */
  readonly isOpen: boolean;
}

const mention = /^<@([UW][A-Z0-9]{2,20})>/u;
/** An address, without another text in front of it, which would hide where it leads. */
const address = /^<(?:https?:\/\/|mailto:)[^\s<>|]{1,2000}>/iu;
/** The beginning of either, or of what code may not hold. */
const unfinished = /^<(?:@[A-Z0-9]*|[a-z]{0,6}(?::[^\s<>|]*)?)$/iu;
/** What Slack makes a notification or a link of. */
const control = /<(?=!(?:here|channel|everyone|group|subteam)|[@#][A-Z0-9])/giu;
const longestControl = 12;

/**
 * A line in which every `<` is text. "Slack parses its own <…> tokens inside a markdown block", and shows `&lt;` as the character
 * without reading it again (as others measured on a workspace; it is not documented); `&` may stay as it is.
 */
export function inertText(line: string, { mentions, isOpen }: InertOptions): string {
  let written = "";
  for (let at = 0; at < line.length;) {
    const rest = line.slice(at);
    const next = rest.search(/[\\<`]/u);
    if (next === -1) return written + rest;
    if (next > 0) {
      written += rest.slice(0, next);
      at += next;
      continue;
    }
    const piece = pieceOf(rest, mentions, isOpen);
    if (piece === undefined) return written;
    written += piece.text;
    at += piece.length;
  }
  return written;
}

interface Piece {
  readonly text: string;
  /** How much of the line it stands for. */
  readonly length: number;
}

/** What a line's rest begins with, a backslash, a backtick or `<`; undefined where that is not decided yet. */
function pieceOf(rest: string, mentions: readonly string[], isOpen: boolean): Piece | undefined {
  if (rest.startsWith("\\")) {
    if (isOpen && rest.length === 1) return undefined;
    if (rest[1] === "<") return { text: "&lt;", length: 2 };
    return { text: rest.slice(0, 2), length: Math.min(rest.length, 2) };
  }
  if (rest.startsWith("`")) {
    const run = /^`+/u.exec(rest)?.[0] ?? "`";
    const end = closingRun(rest, run.length);
    // The run at the end may still become a longer one, which closes nothing.
    if (isOpen && end !== undefined && end + run.length === rest.length) return undefined;
    if (end === undefined) return isOpen ? undefined : { text: run, length: run.length };
    return { text: run + inertCode(rest.slice(run.length, end), false) + run, length: end + run.length };
  }
  const person = mention.exec(rest);
  if (person?.[1] !== undefined && mentions.includes(person[1])) return { text: person[0], length: person[0].length };
  const link = address.exec(rest)?.[0];
  if (link !== undefined) return { text: link, length: link.length };
  if (isOpen && unfinished.test(rest)) return undefined;
  return { text: "&lt;", length: 1 };
}

/** Where a run of exactly so many backticks stands behind the first one. */
function closingRun(rest: string, length: number): number | undefined {
  for (const { 0: run, index } of rest.matchAll(/`+/gu)) if (index > 0 && run.length === length) return index;
  return undefined;
}

/** Code as it is, except that a space without width stands in what would be a notification: in code no `&lt;` is read. */
export function inertCode(code: string, isOpen: boolean): string {
  const last = isOpen ? code.lastIndexOf("<") : -1;
  const whole = last !== -1 && code.length - last < longestControl ? code.slice(0, last) : code;
  return whole.replaceAll(control, "<\u200B");
}
