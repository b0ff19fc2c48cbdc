// Controls but tab and line feed; what turns the direction of text around; tags that nobody sees and a model reads.
const treacherous = /(?![\t\n])\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;
// Those, and whatever else has no shape of its own: in writing it may belong there, in a command it hides something.
const unseen =
  /(?![\t\n])\p{Cc}|[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu;

/** Text without what deceives whoever reads it. Line breaks stay, and so does what scripts and emoji are joined with. */
export function visible(text: string): string {
  return text.replaceAll("\r\n", "\n").replaceAll(treacherous, "");
}

/** All of a text on one line, at most `maxLength` UTF-16 units, with an ellipsis for the rest. */
export function oneLine(text: string, maxLength: number): string {
  // Nobody needs more of a megabyte than is shown.
  const flat = visible(text.slice(0, maxLength * 4))
    .replaceAll(/\s+/gu, " ")
    .trim();
  return cut(flat, maxLength);
}

/** At most `maxLength` UTF-16 units, with an ellipsis for the rest, and never half a character. */
export function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : `${withoutHalf(text.slice(0, Math.max(0, maxLength - 1)))}…`;
}

function withoutHalf(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd8_00 && last <= 0xdb_ff ? text.slice(0, -1) : text;
}

/** Text in a block of code: whatever stands in it stays in it. */
export function codeBlock(text: string, language = ""): string {
  return fenced(visible(text), language);
}

/** As a block of code, with a mark in place of each character that would not be seen. */
export function exactBlock(text: string, language = ""): string {
  const marked = text.replaceAll(unseen, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);
  return fenced(marked, language);
}

function fenced(text: string, language: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/gu)].map(([run]) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${text}\n${fence}`;
}

/** Each line behind a `>`: what somebody said, and no word of ours. */
export function quoted(text: string): string {
  return visible(text)
    .split("\n")
    .map((line) => (line === "" ? ">" : `> ${line}`))
    .join("\n");
}
