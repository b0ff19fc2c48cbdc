import { alignTable } from "./align-table.ts";
import { inlineText, isBareLink } from "./inline-text.ts";
import { renderBlocks, type Dialect, type Render } from "./render.ts";
import { rowGroups } from "./row-groups.ts";
import type { Block, List, ListItem } from "./tree.ts";

export interface PlainTextOptions {
  /** Tables that are not wider stand aligned, for readers whose letters are equally wide. In columns. Default 0: each row a group of lines. */
  readonly alignedTableWidth?: number;
}

const rule = "──────────";

/** A tree as text for places without any markup, as people write it there. */
export function toPlainText(blocks: readonly Block[], options: PlainTextOptions = {}): string {
  return renderBlocks(blocks, plainText(options));
}

/** The dialect of places without any markup, to begin others with. */
export function plainText({ alignedTableWidth = 0 }: PlainTextOptions = {}): Dialect {
  return {
    between: (isSpaced) => (isSpaced ? "\n\n" : "\n"),
    inline: {
      text: ({ text }) => text,
      strong: ({ content }, render) => render.inlines(content),
      emphasis: ({ content }, render) => render.inlines(content),
      strike: ({ content }, render) => `~~${render.inlines(content)}~~`,
      spoiler: ({ content }, render) => `||${render.inlines(content)}||`,
      code: ({ text }) => text,
      link: ({ address, content }, render) => addressed(render.inlines(content), address),
      image: ({ address, text }) => addressed(text, address),
      break: () => "\n",
      math: ({ source }) => source,
      html: ({ text }) => text,
    },
    block: {
      heading: ({ content }, render) => render.inlines(content),
      paragraph: ({ content }, render) => render.inlines(content),
      list: ({ list }, render) => listText(list, render),
      table: ({ table }, render) =>
        alignTable(table, { maxWidth: alignedTableWidth, cellText: (cell) => inlineText(cell) }) ??
        render.blocks(rowGroups(table)),
      quote: ({ blocks }, render) => indentLines(render.blocks(blocks), "> ", "> "),
      code: ({ text }) => text.replace(/^\n+/u, "").trimEnd(),
      rule: () => rule,
      math: ({ source }) => source,
      html: ({ text }) => text,
    },
  };
}

/** What stands before an item: its number, its box, or a bullet. */
export function listMarker(
  { isOrdered, start }: Pick<List, "isOrdered" | "start">,
  { isChecked }: ListItem,
  index: number,
): string {
  if (isChecked !== undefined) return isChecked ? "☑ " : "☐ ";
  return isOrdered ? `${start + index}. ` : "• ";
}

/** A text whose first line begins with `first` and every other one with `others`; an empty one without the spaces at its end. */
export function indentLines(text: string, first: string, others: string): string {
  const blank = others.trimEnd();
  const [head = "", ...rest] = text.split("\n");
  return [first + head, ...rest.map((line) => (line === "" ? blank : others + line))].join("\n");
}

/** A label with its address behind it, where that says more. */
function addressed(label: string, address: string): string {
  if (label === "" || address === "") return label + address;
  return isBareLink(address, label) ? label : `${label} (${address.replace(/^mailto:/iu, "")})`;
}

function listText(list: List, render: Render): string {
  let text = "";
  for (const [index, item] of list.items.entries()) {
    const marker = listMarker(list, item, index);
    const shown = indentLines(render.blocks(item.blocks), marker, "   ");
    const before = list.items[index - 1];
    text += before === undefined ? shown : (before.isSpaced ? "\n\n" : "\n") + shown;
  }
  return text;
}
