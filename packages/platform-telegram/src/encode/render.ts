import {
  alignTable,
  inlineText,
  isBareLink,
  listMarker,
  rowGroups,
  type Block,
  type Cell,
  type Inline,
  type List,
} from "@hermes/markdown";
import { EntityWriter, type Encoded, type Style } from "./entity-writer.ts";
import { linkAddress } from "./link-address.ts";

const nestedIndent = "   ";
const rule = "──────────";
/** Phones show about so many letters of a block of code in a line. */
const maxTableWidth = 48;

const styles = { strong: "bold", emphasis: "italic", strike: "strikethrough", spoiler: "spoiler" } as const satisfies Record<
  string,
  Style
>;

/** A tree as a text with entities. */
export function renderText(blocks: readonly Block[]): Encoded {
  const writer = new EntityWriter();
  writeBlocks(blocks, writer);
  return writer.finish();
}

/** The text alone; the address of a link stands behind it. */
export function withoutMarkup({ text, entities }: Encoded): string {
  const links = entities.flatMap((entity) =>
    entity.type === "text_link" ? [{ end: entity.offset + entity.length, url: entity.url }] : [],
  );
  return links.reduceRight((shown, { end, url }) => `${shown.slice(0, end)} (${url})${shown.slice(end)}`, text);
}

function writeBlocks(blocks: readonly Block[], writer: EntityWriter): void {
  for (const block of blocks) {
    writeBlock(block, writer);
    writer.break(block.isSpaced ? 2 : 1);
  }
}

function writeBlock(block: Block, writer: EntityWriter): void {
  switch (block.type) {
    case "heading":
      return writer.styled("bold", () => writeInlines(block.content, writer));
    case "paragraph":
      return writeInlines(block.content, writer);
    case "list":
      return writeList(block.list, writer);
    case "table": {
      const aligned = alignTable(block.table, { maxWidth: maxTableWidth, cellText });
      return aligned === undefined ? writeBlocks(rowGroups(block.table), writer) : writer.pre(aligned);
    }
    case "quote":
      return writer.quoted(() => writeBlocks(block.blocks, writer));
    case "code":
      return writer.pre(block.text, block.language === "" ? undefined : block.language);
    case "rule":
      return writer.write(rule);
    case "math":
      return writer.write(block.source);
    case "html":
      return writer.write(block.text);
  }
}

function writeList(list: List, writer: EntityWriter): void {
  for (const [index, item] of list.items.entries()) {
    writer.write(listMarker(list, item, index));
    writer.indented(nestedIndent, () => writeBlocks(item.blocks, writer));
    writer.break(item.isSpaced ? 2 : 1);
  }
}

function writeInlines(inlines: readonly Inline[], writer: EntityWriter): void {
  for (const inline of inlines) writeInline(inline, writer);
}

function writeInline(inline: Inline, writer: EntityWriter): void {
  switch (inline.type) {
    case "text":
    case "html":
      return writer.write(inline.text);
    case "strong":
    case "emphasis":
    case "strike":
    case "spoiler":
      return writer.styled(styles[inline.type], () => writeInlines(inline.content, writer));
    case "code":
      return writer.code(inline.text);
    case "link":
      return writeLink(inline.address, inline.content, writer);
    case "image":
      return writeLink(inline.address, inline.text === "" ? [] : [{ type: "text", text: inline.text }], writer);
    case "break":
      return writer.write("\n");
    case "math":
      return writer.write(inline.source);
  }
}

/** A label that is the address itself needs no link: Telegram finds addresses. One it would refuse is shown behind the label. */
function writeLink(address: string, label: readonly Inline[], writer: EntityWriter): void {
  if (label.length === 0) return writer.write(address);
  if (isBareLink(address, inlineText(label))) return writeInlines(label, writer);
  const url = linkAddress(address);
  if (url !== undefined) return writer.link(url, () => writeInlines(label, writer));
  writeInlines(label, writer);
  if (address !== "") writer.write(` (${address.replace(/^mailto:/iu, "")})`);
}

function cellText(cell: Cell): string {
  const writer = new EntityWriter();
  writeInlines(cell, writer);
  return withoutMarkup(writer.finish());
}
