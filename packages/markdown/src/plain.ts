/** What may be markup anywhere, or at the beginning or end of a line. */
const markup = /[*_`~|[\]<>&\\#\t\r]|^[ +\-=]|^\d{1,9}[.)]|[ ]\n|\n{3}|^\s|\s$/mu;

/**
 * Whether a text has no markup, at a glance: then every dialect shows it as it is, and it need not be parsed. May say no for a
 * text that has none.
 */
export function isPlain(source: string): boolean {
  return !markup.test(source) && source.indexOf("$") === source.lastIndexOf("$");
}
