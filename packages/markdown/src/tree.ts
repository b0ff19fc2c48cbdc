/** What stands in a line. Line breaks are `break`: no text holds one. */
export type Inline =
  | { readonly type: "text"; readonly text: string }
  | { readonly [Type in Style]: { readonly type: Type; readonly content: readonly Inline[] } }[Style]
  | { readonly type: "code"; readonly text: string }
  | Link
  | Image
  | { readonly type: "break" }
  | MathSpan
  /** A tag as it was written; `<br>` is a `break`. */
  | { readonly type: "html"; readonly text: string };

/** How a stretch of a line is marked up. */
export type Style = "strong" | "emphasis" | "strike" | "spoiler";

/** `content` is empty where the link has no label, and the address itself where it is a bare address. */
export interface Link {
  readonly type: "link";
  readonly address: string;
  readonly title: string;
  readonly content: readonly Inline[];
}

/** `text` is what stands for it where it cannot be shown. */
export interface Image {
  readonly type: "image";
  readonly address: string;
  readonly title: string;
  readonly text: string;
}

/** A formula: `text` in LaTeX, `source` with the delimiters it was written with. */
export interface MathSpan {
  readonly type: "math";
  readonly text: string;
  readonly source: string;
  /** Written to stand on a line of its own. */
  readonly isDisplayed: boolean;
}

/** What stands below each other. */
export type Block = (
  | { readonly type: "heading"; readonly level: 1 | 2 | 3 | 4 | 5 | 6; readonly content: readonly Inline[] }
  | { readonly type: "paragraph"; readonly content: readonly Inline[] }
  | { readonly type: "list"; readonly list: List }
  | { readonly type: "table"; readonly table: Table }
  | { readonly type: "quote"; readonly blocks: readonly Block[] }
  | CodeBlock
  | { readonly type: "rule" }
  | { readonly type: "math"; readonly text: string; readonly source: string }
  /** Tags and what stands between them, as it was written. */
  | { readonly type: "html"; readonly text: string }
) & {
  /** An empty line follows in the source. */
  readonly isSpaced: boolean;
};

/** Code of a fence or an indented block; what stands behind the fence and names no language is its first line. */
export interface CodeBlock {
  readonly type: "code";
  readonly text: string;
  /** Empty = none was named. */
  readonly language: string;
}

export interface List {
  readonly isOrdered: boolean;
  /** The number of the first item. */
  readonly start: number;
  /** No empty lines between its items. */
  readonly isTight: boolean;
  readonly items: readonly ListItem[];
}

export interface ListItem {
  /** Of a task: whether it is done. Undefined for an item that is no task. */
  readonly isChecked: boolean | undefined;
  readonly blocks: readonly Block[];
  /** An empty line follows in the source. */
  readonly isSpaced: boolean;
}

/** Every row has as many cells as there are columns; where the source had more in a row, the header has empty ones. */
export interface Table {
  readonly alignments: readonly Alignment[];
  readonly header: readonly Cell[];
  readonly rows: readonly (readonly Cell[])[];
}

export type Cell = readonly Inline[];

/** How a column is aligned; null = as the text runs. */
export type Alignment = "left" | "right" | "center" | null;
