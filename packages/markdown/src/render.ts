import type { Block, Inline } from "./tree.ts";

/** Renders what a node holds. */
export interface Render {
  inlines(inlines: readonly Inline[]): string;
  blocks(blocks: readonly Block[]): string;
  /** How many nodes hold this one. */
  readonly depth: number;
}

/**
 * How a platform writes each node. Complete by its type; a dialect that differs in little begins with another one:
 * `{ ...plain, inline: { ...plain.inline, strong: … } }`.
 */
export interface Dialect {
  readonly inline: {
    readonly [Type in Inline["type"]]: (node: Extract<Inline, { readonly type: Type }>, render: Render) => string;
  };
  readonly block: { readonly [Type in Block["type"]]: (node: Extract<Block, { readonly type: Type }>, render: Render) => string };
  /** What stands between two blocks; `isSpaced`: the source has an empty line there. */
  readonly between: (isSpaced: boolean) => string;
}

/** A tree as a platform writes it. What comes out empty leaves no gap. */
export function renderBlocks(blocks: readonly Block[], dialect: Dialect): string {
  return rendererAt(dialect, 0).blocks(blocks);
}

function rendererAt(dialect: Dialect, depth: number): Render {
  let inner: Render | undefined;
  const deeper = (): Render => (inner ??= rendererAt(dialect, depth + 1));
  return {
    depth,
    inlines: (inlines) => inlines.map((inline) => renderInline(inline, dialect, deeper())).join(""),
    blocks(blocks) {
      let text = "";
      let isSpaced = false;
      for (const block of blocks) {
        const rendered = renderBlock(block, dialect, deeper());
        if (rendered === "") continue;
        text += text === "" ? rendered : dialect.between(isSpaced) + rendered;
        isSpaced = block.isSpaced;
      }
      return text;
    },
  };
}

/** One kind at a time, since a table of functions by kind cannot be called with a node of any kind. */
function renderInline(node: Inline, { inline }: Dialect, render: Render): string {
  switch (node.type) {
    case "text":
      return inline.text(node, render);
    case "strong":
      return inline.strong(node, render);
    case "emphasis":
      return inline.emphasis(node, render);
    case "strike":
      return inline.strike(node, render);
    case "spoiler":
      return inline.spoiler(node, render);
    case "code":
      return inline.code(node, render);
    case "link":
      return inline.link(node, render);
    case "image":
      return inline.image(node, render);
    case "break":
      return inline.break(node, render);
    case "math":
      return inline.math(node, render);
    case "html":
      return inline.html(node, render);
  }
}

function renderBlock(node: Block, { block }: Dialect, render: Render): string {
  switch (node.type) {
    case "heading":
      return block.heading(node, render);
    case "paragraph":
      return block.paragraph(node, render);
    case "list":
      return block.list(node, render);
    case "table":
      return block.table(node, render);
    case "quote":
      return block.quote(node, render);
    case "code":
      return block.code(node, render);
    case "rule":
      return block.rule(node, render);
    case "math":
      return block.math(node, render);
    case "html":
      return block.html(node, render);
  }
}
