import { terminalText } from "../../log/printable.ts";

const graphemes = new Intl.Segmenter();
/** East Asian wide and full-width characters, and emoji, take two columns (Unicode's UAX #11, in blocks). */
const wide =
  /^[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uA960-\uA97F\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF01-\uFF60\uFFE0-\uFFE6\u{16FE0}-\u{18CFF}\u{1AFF0}-\u{1B2FF}\u{20000}-\u{3FFFD}\p{Emoji_Presentation}]/u;
const invisible = /^[\p{M}\p{Cf}]+$/u;

/** Columns a text takes on a terminal. */
export function textWidth(text: string): number {
  if (/^[ -~]*$/u.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += graphemeWidth(segment);
  return width;
}

/** What people see as single characters. */
export function* graphemesOf(text: string): Generator<string> {
  // Nearly all there is: no need to ask how characters combine.
  if (/^[\n -~]*$/u.test(text)) yield* text;
  else for (const { segment } of graphemes.segment(text)) yield segment;
}

/** Columns that one of `graphemesOf` takes. */
export function graphemeWidth(segment: string): number {
  if (invisible.test(segment)) return 0;
  return wide.test(segment) || segment.includes("\uFE0F") ? 2 : 1;
}

/** Others' text on one line of its own, without anything that steers a terminal. */
export function oneLine(text: string): string {
  return terminalText(text).replaceAll(/\s+/gu, " ").trim();
}

/** The beginning of a text that fits into `columns`, with `…` where more follows. */
export function cutText(text: string, columns: number): string {
  // Marks without a width could be piled up without end.
  if (textWidth(text) <= columns && text.length <= columns * 8) return text;
  let cut = "";
  let width = 0;
  for (const { segment } of graphemes.segment(text)) {
    const next = graphemeWidth(segment);
    if (width + next > columns - 1 || cut.length + segment.length > columns * 8) break;
    cut += segment;
    width += next;
  }
  return `${cut.trimEnd()}…`;
}

/** A text with spaces behind it up to `columns`. */
export function padText(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - textWidth(text)));
}

/** Others' text in lines of at most `columns`, at most `maxLines` of them, and how many more there are. */
export function wrapText(
  text: string,
  columns: number,
  maxLines: number,
): { readonly lines: readonly string[]; readonly more: number } {
  const lines = terminalText(text)
    .replaceAll("\t", "    ")
    .split("\n")
    .flatMap((line) => wrapLine(line, columns));
  return { lines: lines.slice(0, maxLines), more: Math.max(0, lines.length - maxLines) };
}

function wrapLine(line: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let current = "";
  let width = 0;
  for (const { segment } of graphemes.segment(line)) {
    const next = graphemeWidth(segment);
    if (width + next > columns || current.length > columns * 8) {
      const space = current.lastIndexOf(" ");
      const at = space > columns / 2 ? space + 1 : current.length;
      lines.push(current.slice(0, at).trimEnd());
      current = current.slice(at);
      width = textWidth(current);
    }
    current += segment;
    width += next;
  }
  return [...lines, current];
}
