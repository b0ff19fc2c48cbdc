import type { Block, Layout } from "./blocks.ts";
import { renderCodeLine, renderMarkdown } from "./markdown/render.ts";
import { Splitter, type Settled } from "./markdown/splitter.ts";
import type { Style } from "./style.ts";

/** A Markdown text that grows, as blocks of lines: those that stay as they are, and what is still open behind them. */
export class TextFlow {
  readonly #layout: Layout;
  readonly #style: Style;
  readonly #splitter = new Splitter();
  #settledText = "";
  /** A fenced block has shown something already. */
  #isInCode = false;

  constructor(layout: Layout, style: Style) {
    this.#layout = layout;
    this.#style = style;
  }

  /** The part of the text that is settled: whatever comes, it begins with this. */
  get settledText(): string {
    return this.#settledText;
  }

  push(text: string): readonly Block[] {
    return this.#render(this.#splitter.push(text));
  }

  end(): readonly Block[] {
    return this.#render(this.#splitter.end());
  }

  /** How far the rest has come. */
  open(): readonly Block[] {
    const { open, openCode } = this.#splitter;
    if (open === "") return [];
    if (openCode !== undefined) return [{ kind: this.#isInCode ? "more" : "apart", lines: this.#codeLines(openCode) }];
    return this.#blocks(open);
  }

  #render(settled: readonly Settled[]): readonly Block[] {
    for (const { raw } of settled) this.#settledText += raw;
    return settled.flatMap(({ kind, text }): readonly Block[] => {
      switch (kind) {
        case "blocks":
          return this.#blocks(text);
        case "code-line":
          return [this.#codeBlock(this.#codeLines(text))];
        case "fence":
          return this.#fence(text);
      }
    });
  }

  #blocks(markdown: string): readonly Block[] {
    this.#isInCode = false;
    const lines = renderMarkdown(markdown, this.#layout.columns(), this.#style);
    return lines.length === 0 ? [] : [{ kind: "apart", lines }];
  }

  #codeLines(line: string): readonly string[] {
    return renderCodeLine(line, this.#layout.columns(), this.#style);
  }

  #codeBlock(lines: readonly string[]): Block {
    const block: Block = { kind: this.#isInCode ? "more" : "apart", lines };
    this.#isInCode = true;
    return block;
  }

  /** Shown only where nothing else tells that there is code. */
  #fence(line: string): readonly Block[] {
    const isEnd = this.#splitter.openCode === undefined && this.#isInCode;
    const blocks = this.#style.keepsMarkers ? [this.#codeBlock([line.trim()])] : [];
    if (isEnd) this.#isInCode = false;
    return blocks;
  }
}
