/** Marks of Discord's Markdown, what begins a mention, and `:name:` and `@everyone` where they are ones. */
const marks = /[\\*_~|`[\]<]|:(?=[\w+-]+:)|@(?=everyone|here)/gu;
/** What makes a heading, a list, small print or a quote of a line. */
const beginning = /^(\s*)(?=#{1,3}\s|-#|[-+]\s|-{2}|>)/u;
const number = /^(\s*\d{1,9})(?=[.)]\s)/u;

/** A text that stands there as it is: a backslash takes a mark its meaning (SimpleMarkdown, `escape`). */
export function escapeText(text: string, mentions: readonly string[]): string {
  const escaped = text.replaceAll(marks, String.raw`\$&`);
  if (mentions.length === 0) return escaped;
  return escaped.replaceAll(/\\<@!?(\d{17,20})>/gu, (whole: string, id: string) => (mentions.includes(id) ? `<@${id}>` : whole));
}

/** Lines none of which begins with a mark by accident. */
export function guardLines(text: string): string {
  return text
    .split("\n")
    .map((line) => line.replace(beginning, "$1\\").replace(number, "$1\\"))
    .join("\n");
}

/** Code in a line; undefined for what Discord would end early. */
export function inlineCode(text: string): string | undefined {
  const line = text.replaceAll("\n", " ");
  if (line.trim() === "" || /`{2}/u.test(line)) return undefined;
  if (!line.includes("`")) return `\`${line}\``;
  const padded = `${line.startsWith("`") ? " " : ""}${line}${line.endsWith("`") ? " " : ""}`;
  return `\`\`${padded}\`\``;
}

/** A block of code: a fence in it is broken by what nobody sees. */
export function codeBlock(text: string, language: string): string {
  const name = /^[a-z0-9_+\-.#]{1,30}$/iu.test(language) ? language : "";
  const body = text.replace(/^\n+/u, "").trimEnd().replaceAll("```", "`\u200B`\u200B`");
  if (body === "") return "";
  // A mark at the end would lengthen the fence.
  return `\`\`\`${name}\n${body}${body.endsWith("`") ? "\u200B" : ""}\n\`\`\``;
}

/** An address as a link takes it; undefined for one that Discord makes no link of. */
export function linkAddress(address: string): string | undefined {
  const url = URL.parse(address.trim());
  if (url === null || (url.protocol !== "https:" && url.protocol !== "http:") || url.hostname === "") return undefined;
  return url.href.replaceAll("(", "%28").replaceAll(")", "%29").replaceAll("<", "%3C").replaceAll(">", "%3E");
}
