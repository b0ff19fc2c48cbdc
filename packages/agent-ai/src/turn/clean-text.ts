/** Letters that nobody sees and that turn the order of others: controls but line and tab, and formats but those inside emoji and scripts. */
const hidden = /(?![\n\t\u200C\u200D])[\p{Cc}\p{Cf}]/gu;
/** Marks with which models frame their messages. */
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
