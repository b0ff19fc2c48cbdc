/** A number with its word, in English: `1 tool`, `1,200 tools`. */
export function many(count: number, one: string, more: string): string {
  return `${count.toLocaleString("en")} ${count === 1 ? one : more}`;
}
