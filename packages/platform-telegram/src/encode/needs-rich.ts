import type { Block, Inline } from "@hermes/markdown";

/** Whether there is something in the text that a text with entities cannot show as what it is. */
export function needsRich(blocks: readonly Block[]): boolean {
  return blocks.some((block) => blockNeedsRich(block, false));
}

function blockNeedsRich(block: Block, inItem: boolean): boolean {
  switch (block.type) {
    case "heading":
    case "table":
    case "rule":
    case "math":
      return true;
    case "paragraph":
      return block.content.some(inlineNeedsRich);
    case "list":
      return (
        inItem ||
        block.list.items.some(
          (item) =>
            item.isChecked !== undefined || item.blocks.some((inner) => inner.type === "code" || blockNeedsRich(inner, true)),
        )
      );
    case "quote":
      return block.blocks.some((inner) => inner.type === "quote" || blockNeedsRich(inner, inItem));
    case "code":
    case "html":
      return false;
  }
}

function inlineNeedsRich(inline: Inline): boolean {
  if (inline.type === "math") return true;
  return "content" in inline && inline.content.some(inlineNeedsRich);
}
