import {
  inlineText,
  isBareLink,
  rowGroups,
  toPlainText,
  type Block,
  type Inline,
  type List,
  type ListItem,
  type Table,
} from "@hermes/markdown";
import { codePointLength } from "@hermes/core";
import { clean, isBlank } from "./clean.ts";
import { linkAddress } from "./link-address.ts";

/** HTML of a rich message and what the server will count of it. */
export interface Rich {
  readonly html: string;
  /** Characters, in Unicode code points. */
  readonly length: number;
  /** Nested ones, list items and table rows included. */
  readonly blocks: number;
  /** Something in it can be seen: Telegram refuses rules and empty tables alone. */
  readonly isVisible: boolean;
}

/** "Up to 20 columns in a table"; "up to 16 levels of nested formatting and blocks" (Bot API, Rich message limits). */
const maxColumns = 20;
const maxDepth = 16;
/** Lists and quotes deeper than this are written as lines, so that a table or code in them stays within the limit. */
const maxContainerDepth = 10;

const tags = { strong: "b", emphasis: "i", strike: "s", spoiler: "tg-spoiler" } as const;

/** A tree in "Rich HTML style", within the limits of depth and columns. */
export function renderRich(blocks: readonly Block[]): Rich {
  const writer = new RichWriter();
  return { html: writer.blocks(blocks, 0), length: writer.length, blocks: writer.count, isVisible: writer.isVisible };
}

/** Writes tags and counts as the server does. `depth` is how many tags are open. */
class RichWriter {
  length = 0;
  count = 0;
  isVisible = false;

  blocks(blocks: readonly Block[], depth: number): string {
    return blocks.map((block) => this.#block(block, depth)).join("");
  }

  #block(block: Block, depth: number): string {
    switch (block.type) {
      case "heading":
        return this.#line(`h${block.level}`, block.content, depth);
      case "paragraph":
        return this.#line("p", block.content, depth);
      case "list":
        return depth > maxContainerDepth ? this.#lines(block, depth) : this.#list(block.list, depth);
      case "table":
        return block.table.header.length > maxColumns
          ? this.blocks(rowGroups(block.table), depth)
          : this.#table(block.table, depth);
      case "quote": {
        if (depth > maxContainerDepth) return this.#lines(block, depth);
        const quoted = this.blocks(block.blocks, depth + 1);
        return quoted === "" ? "" : this.#counted(`<blockquote>${quoted}</blockquote>`);
      }
      case "code":
        return this.#code(block.text, block.language);
      case "rule":
        return this.#counted("<hr/>");
      case "math":
        return this.#counted(`<tg-math-block>${this.#text(block.text)}</tg-math-block>`);
      case "html":
        return this.#lines(block, depth);
    }
  }

  #counted(html: string): string {
    this.count += 1;
    return html;
  }

  #line(tag: string, content: readonly Inline[], depth: number): string {
    const line = this.#inlines(content, depth + 1);
    return line === "" ? "" : this.#counted(`<${tag}>${line}</${tag}>`);
  }

  /** A block as people would type it. */
  #lines(block: Block, depth: number): string {
    const content = toPlainText([block])
      .split("\n")
      .flatMap((line, index): readonly Inline[] => [
        ...(index === 0 ? [] : [{ type: "break" } as const]),
        { type: "text", text: line },
      ]);
    return this.#line("p", content, depth);
  }

  #code(text: string, language: string): string {
    const code = this.#text(text.replace(/^\n+/u, "").trimEnd());
    if (code === "") return "";
    return this.#counted(language === "" ? `<pre>${code}</pre>` : `<pre><code class="language-${language}">${code}</code></pre>`);
  }

  #list(list: List, depth: number): string {
    const items = list.items.map((item) => this.#item(item, depth + 1)).join("");
    if (!list.isOrdered) return this.#counted(`<ul>${items}</ul>`);
    return this.#counted(list.start === 1 ? `<ol>${items}</ol>` : `<ol start="${list.start}">${items}</ol>`);
  }

  #item({ isChecked, blocks }: ListItem, depth: number): string {
    const [first, ...others] = blocks;
    const opens = first?.type === "paragraph";
    // Text in an item makes a paragraph of its own, which counts and is a level.
    const line = opens ? this.#inlines(first.content, depth + 2) : "";
    const rest = this.blocks(opens ? others : blocks, depth + 1);
    const box = isChecked === undefined ? "" : `<input type="checkbox"${isChecked ? " checked" : ""}>`;
    this.count += 1;
    const shown = line + rest === "" ? this.#text("\u00A0") : line + rest;
    return this.#counted(`<li>${box}${shown}</li>`);
  }

  #table({ alignments, header, rows }: Table, depth: number): string {
    const row = (tag: string, cells: readonly (readonly Inline[])[]): string => {
      const shown = cells.map((cell, column) => {
        const alignment = alignments[column] ?? null;
        const align = alignment === null ? "" : ` align="${alignment}"`;
        return `<${tag}${align}>${this.#inlines(cell, depth + 3)}</${tag}>`;
      });
      return this.#counted(`<tr>${shown.join("")}</tr>`);
    };
    const body = row("th", header) + rows.map((cells) => row("td", cells)).join("");
    return this.#counted(`<table bordered striped>${body}</table>`);
  }

  #inlines(inlines: readonly Inline[], depth: number, inLink = false): string {
    return inlines.map((inline) => this.#inline(inline, depth, inLink)).join("");
  }

  #inline(inline: Inline, depth: number, inLink: boolean): string {
    switch (inline.type) {
      case "text":
      case "html":
        return this.#text(inline.text);
      case "strong":
      case "emphasis":
      case "strike":
      case "spoiler": {
        const content = this.#inlines(inline.content, depth + 1, inLink);
        const tag = tags[inline.type];
        return depth >= maxDepth || content === "" ? content : `<${tag}>${content}</${tag}>`;
      }
      case "code":
        return this.#tagged("code", inline.text, depth);
      case "math":
        return depth >= maxDepth ? this.#text(inline.source) : this.#tagged("tg-math", inline.text, depth);
      case "link":
        return this.#link(inline.address, inline.content, depth, inLink);
      case "image":
        return this.#link(inline.address, inline.text === "" ? [] : [{ type: "text", text: inline.text }], depth, inLink);
      case "break":
        this.length += 1;
        return "<br>";
    }
  }

  #tagged(tag: string, text: string, depth: number): string {
    const shown = this.#text(text);
    return depth >= maxDepth || shown === "" ? shown : `<${tag}>${shown}</${tag}>`;
  }

  /** Nothing is detected in a rich message: a bare address is a link, too. */
  #link(address: string, label: readonly Inline[], depth: number, inLink: boolean): string {
    const content = label.length === 0 ? this.#text(address) : this.#inlines(label, depth + 1, true);
    const url = inLink || depth >= maxDepth ? undefined : (linkAddress(address) ?? mailAddress(address));
    if (url !== undefined) return `<a href="${escape(url)}">${content}</a>`;
    if (address === "" || isBareLink(address, inlineText(label))) return content;
    return content + this.#text(` (${address.replace(/^mailto:/iu, "")})`);
  }

  #text(text: string): string {
    const shown = clean(text);
    this.isVisible ||= !isBlank(shown);
    this.length += codePointLength(shown);
    return escape(shown);
  }
}

function mailAddress(address: string): string | undefined {
  return /^mailto:[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/u.test(address) ? address : undefined;
}

function escape(text: string): string {
  if (!/[&<>"]/u.test(text)) return text;
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
