/** What no event may hold: homeservers refuse NUL, and clients show other control characters as they please. Tabs and line breaks stay. */
const controls = /[\p{Cc}--[\t\n\r]]/gv;

/** The text as it can stand in an event. */
export function clean(text: string): string {
  return text.toWellFormed().replace(/\r\n?/gu, "\n").replace(controls, "");
}

/** Nothing but spaces and invisible characters. */
export function isBlank(text: string): boolean {
  return /^[\s\u180E\u200B-\u200F\u2028-\u202E\u2800\uFEFF]*$/u.test(text);
}
