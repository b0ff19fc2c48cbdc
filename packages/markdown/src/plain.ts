/** What may be markup anywhere, what at the beginning of a line, and what at either end of one. */
const marks = /[*_`~|[\]<>&\\#\t\r]/u;
const lineStart = /\n(?:[^\S\n]|\n\n|[+\-=]|\d{1,9}[.)])/u;
const textStart = /^(?:\s|[+\-=]|\d{1,9}[.)])/u;
const lineEnd = /[^\S\n](?:\n|$)|\n$/u;

/**
 * Whether a text has no markup, at a glance: then every dialect shows it as it is, and it need not be parsed. May say no for a
 * text that has none.
 */
export function isPlain(source: string): boolean {
  if (marks.test(source) || textStart.test(source)) return false;
  if (lineStart.test(source) || lineEnd.test(source)) return false;
  return source.indexOf("$") === source.lastIndexOf("$");
}
