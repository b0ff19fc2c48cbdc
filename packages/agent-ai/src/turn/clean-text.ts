/** Letters that nobody sees and that turn the order of others; marks with which models frame their messages. */
const hidden =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]|[\u{E0000}-\u{E007F}]/gu;
const framing = /<\|([\w ]{1,40})\|>/gu;

/** What people, pages and platforms wrote, without what could pass for the frame around it. */
export function cleanText(text: string): string {
  return text.toWellFormed().replaceAll("\r\n", "\n").replaceAll(hidden, "").replaceAll(framing, "<¦$1¦>");
}

/** A name for one line, between brackets. Whoever has none is called by `otherwise`. */
export function cleanName(name: string | undefined, otherwise: string): string {
  const clean = cleanText(name ?? "")
    .replaceAll(/[\s[\]:]+/gu, " ")
    .trim()
    .slice(0, 64);
  return clean === "" ? otherwise : clean;
}
