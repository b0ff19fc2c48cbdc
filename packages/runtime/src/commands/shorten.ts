const shownLength = 80;

/** As much of what somebody wrote as a list shows, in one line. */
export function shorten(text: string): string {
  const line = text.replaceAll(/\s+/gu, " ").trim();
  return line.length <= shownLength ? line : `${line.slice(0, shownLength - 1).trimEnd()}…`;
}
