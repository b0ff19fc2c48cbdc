/** The text as Markdown that means nothing but itself, in one line. */
export function escapeMarkdown(text: string): string {
  return text
    .replaceAll(/[\s\p{Cc}\p{Cf}]+/gu, " ")
    .trim()
    .replaceAll(/[\\`*_{}[\]()<>#+\-.!|~&@:/]/gu, "\\$&");
}
