import {
  alignTable,
  indentLines,
  inlineText,
  isBareLink,
  plainText,
  rowGroups,
  type Dialect,
  type Inline,
  type List,
  type Render,
} from "@hermes/markdown";
import { bareLink } from "./bare-links.ts";
import { codeBlock, escapeText, guardLines, inlineCode, linkAddress } from "./escape.ts";

/** Phones show about so many letters of a block of code in a line. */
const maxTableWidth = 56;
const rule = "──────────";
const plain = plainText();

/** Discord's own Markdown. `mentions`: whose `<@id>` stays a mention. */
export function dialect(mentions: readonly string[]): Dialect {
  const escape = (text: string): string => escapeText(text, mentions);
  const marked =
    (mark: string) =>
    ({ content }: { readonly content: readonly Inline[] }, render: Render): string => {
      const inner = render.inlines(content);
      const text = inner.trim();
      // A mark beside a space is none.
      if (text === "") return inner;
      const [before = ""] = /^\s*/u.exec(inner) ?? [];
      return `${before}${mark}${text}${mark}${inner.slice(before.length + text.length)}`;
    };
  const link = (address: string, label: string, shown: string): string => {
    const url = linkAddress(address);
    if (url === undefined) {
      const bare = address.replace(/^mailto:/iu, "");
      return label === "" || isBareLink(address, label) ? escape(bare) : `${shown} (${escape(bare)})`;
    }
    // Found by Discord itself; a label that looks like another address would be shown with its marks.
    if (isBareLink(address, label)) return bareLink(url);
    return /:\/\//u.test(label) ? `${shown} (${bareLink(url)})` : `[${shown}](${url})`;
  };
  return {
    ...plain,
    inline: {
      text: ({ text }) => escape(text),
      html: ({ text }) => escape(text),
      math: ({ source }) => escape(source),
      break: () => "\n",
      strong: marked("**"),
      emphasis: marked("*"),
      strike: marked("~~"),
      spoiler: marked("||"),
      code: ({ text }) => inlineCode(text) ?? escape(text),
      link: ({ address, content }, render) => link(address, inlineText(content), oneLine(render.inlines(content))),
      image: ({ address, text }) => link(address, text, escape(oneLine(text))),
    },
    block: {
      heading: ({ level, content }, render) => {
        const line = oneLine(render.inlines(content)).trim();
        if (line === "") return "";
        return level <= 3 ? `${"#".repeat(level)} ${line}` : `**${oneLine(plainly(content, escape))}**`;
      },
      paragraph: ({ content }, render) => guardLines(render.inlines(content)),
      list: ({ list }, render) => listText(list, render),
      table: ({ table }, render) => {
        const aligned = alignTable(table, { maxWidth: maxTableWidth, cellText: (cell) => inlineText(cell) });
        return aligned === undefined ? render.blocks(rowGroups(table)) : codeBlock(aligned, "");
      },
      quote: ({ blocks }, render) => indentLines(render.blocks(blocks), "> ", "> ").replaceAll(/^>$/gmu, "> "),
      code: ({ text, language }) => codeBlock(text, language),
      rule: () => rule,
      math: ({ source }) => guardLines(escape(source)),
      html: ({ text }) => guardLines(escape(text)),
    },
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/gu, " ");
}

/** Bold in bold would end it. */
function plainly(content: readonly Inline[], escape: (text: string) => string): string {
  return escape(inlineText(content)).trim();
}

function listText(list: List, render: Render): string {
  let text = "";
  for (const [index, item] of list.items.entries()) {
    const box = item.isChecked === undefined ? "" : item.isChecked ? "☑ " : "☐ ";
    const marker = list.isOrdered ? `${list.start + index}. ` : "- ";
    const shown = indentLines(render.blocks(item.blocks), marker + box, " ".repeat(marker.length));
    const before = list.items[index - 1];
    text += before === undefined ? shown : (before.isSpaced ? "\n\n" : "\n") + shown;
  }
  return text;
}
