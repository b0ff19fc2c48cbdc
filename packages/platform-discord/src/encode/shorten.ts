/** A text of at most so many code points; of a longer one the beginning, and a sign that there was more. */
export function shorten(text: string, maxLength: number): string {
  const letters = Array.from(text);
  return letters.length <= maxLength ? text : `${letters.slice(0, maxLength - 1).join("")}…`;
}
