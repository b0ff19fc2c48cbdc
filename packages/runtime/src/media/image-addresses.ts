/** An image that a text shows by its address. */
export interface ImageAddress {
  readonly url: string;
  /** What stands for it where it cannot be seen. */
  readonly alt: string;
}

// A run of marks counts whole: tried in every length, a long one would take time that grows with its square.
const fenced = /^ {0,3}(`{3,}(?!`)|~{3,}(?!~))[^\n]*\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|$(?![\s\S]))/gmu;
const inlineCode = /(?<!`)(`+)(?!`)[^`\n]+\1(?!`)/gu;
const image = /!\[([^\]\n]{0,300})\]\((https?:\/\/[^\s()<>]{1,2000})(?:[ \t]+(?:"[^"\n]{0,300}"|'[^'\n]{0,300}'))?\)/gu;

/** The images in Markdown, each address once, in order; what stands in code shows none. */
export function imageAddresses(markdown: string): readonly ImageAddress[] {
  if (!markdown.includes("![")) return [];
  const shown = markdown.replace(fenced, "\n").replace(inlineCode, "");
  const found = new Map<string, ImageAddress>();
  for (const [, alt = "", url = ""] of shown.matchAll(image)) if (!found.has(url)) found.set(url, { url, alt });
  return [...found.values()];
}
