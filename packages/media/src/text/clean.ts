/** Letters that nobody sees and that turn the order of others: controls but line and tab, and formats but those inside emoji and scripts. */
const hidden = /(?![\n\t\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
/** Marks with which models frame their messages. */
const framing = /<\|([\w ]{1,40})\|>/gu;
const maxNameLength = 100;

/** What came from outside, without what nobody sees and what could pass for the frame around it. Lines stay lines. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?|\p{Zl}|\p{Zp}/gu, "\n")
    .replaceAll(hidden, "")
    .replaceAll(framing, "<¦$1¦>");
}

/**
 * A text on one line between quotation marks: it cannot end them, begin another line, or hold a mark of ours, which all begin with a
 * square bracket. Of a longer one it says how much is missing.
 */
export function quoted(text: string, maxCharacters: number): string {
  const line = cleanText(text).replaceAll(/\s+/gu, " ").trim().replaceAll('"', "”").replaceAll("[", "(").replaceAll("]", ")");
  if (line.length <= maxCharacters) return `"${line}"`;
  return `"${line.slice(0, maxCharacters).toWellFormed()} …" (${line.length - maxCharacters} more characters are left out)`;
}

/** A file's own name between quotation marks, without the folders that it may pretend to lie in. Undefined where nothing is left of it. */
export function quotedName(name: string | undefined): string | undefined {
  const last =
    cleanText(name ?? "")
      .split(/[/\\]/u)
      .at(-1) ?? "";
  const line = last
    .replaceAll(/\s+/gu, " ")
    .replaceAll(/["`[\]<>]/gu, "'")
    .trim();
  if (/^\.*$/u.test(line)) return undefined;
  const short = line.length <= maxNameLength ? line : `${line.slice(0, 60)}…${line.slice(-30)}`;
  return `"${short.toWellFormed()}"`;
}

/** A size as people say it. */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
