/** Text in which no two paragraphs are alike. */
function paragraphs(count: number): string {
  const all = Array.from(
    { length: count },
    (_, index) =>
      `Paragraph p${index} says <something> about **step s${index}** and goes on for a while, *as e${index} does*.\n\n`,
  );
  return ["# The plan\n\n", ...all, "```\nconst a = b < c;\n```\n\nThat is all.\n"].join("");
}

/** More than two messages of Slack's hold. */
export const longText = paragraphs(290);
/** Less than one holds. */
export const story = paragraphs(60);

/** Every word, whatever stands between them. */
export function wordsOf(text: string): readonly string[] {
  return text.replaceAll("&lt;", "<").match(/[\p{L}\p{N}]+/gu) ?? [];
}
