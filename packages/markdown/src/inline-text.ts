import type { Inline } from "./tree.ts";

/** The text of a line without its styles; images and formulas as they were written. */
export function inlineText(inlines: readonly Inline[]): string {
  return inlines.map(textOf).join("");
}

/** Whether a link's label is its address: it needs no link where addresses are found anyway. */
export function isBareLink(address: string, label: string): boolean {
  return label === "" || address === label || address === `http://${label}` || address === `mailto:${label}`;
}

function textOf(inline: Inline): string {
  switch (inline.type) {
    case "text":
    case "code":
    case "html":
      return inline.text;
    case "math":
      return inline.source;
    case "break":
      return "\n";
    case "image":
      return inline.text === "" ? inline.address : inline.text;
    case "strong":
    case "emphasis":
    case "strike":
    case "spoiler":
      return inlineText(inline.content);
    case "link":
      return inline.content.length === 0 ? inline.address : inlineText(inline.content);
  }
}
