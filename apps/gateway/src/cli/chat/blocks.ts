/** Lines that belong together. */
export interface Block {
  /** `more` goes on with the one before it, `step` stands close to other steps; `apart` has a blank line before it. */
  readonly kind: "apart" | "more" | "step";
  readonly lines: readonly string[];
}

/** Blocks under each other, behind one of the kind `before`; what comes first has no blank line before it. */
export function joinBlocks(before: Block["kind"] | undefined, blocks: readonly Block[]): readonly string[] {
  const lines: string[] = [];
  let last = before;
  for (const block of blocks) {
    const isClose = last === undefined || block.kind === "more" || (block.kind === "step" && last === "step");
    if (!isClose) lines.push("");
    for (const line of block.lines) lines.push(line);
    last = block.kind === "more" ? (last ?? "apart") : block.kind;
  }
  return lines;
}

/** The kind of what stands last. */
export function lastKind(before: Block["kind"] | undefined, blocks: readonly Block[]): Block["kind"] | undefined {
  return blocks.findLast(({ kind }) => kind !== "more")?.kind ?? (blocks.length > 0 ? (before ?? "apart") : before);
}

/** How blocks are laid out. */
export interface Layout {
  /** Of the terminal, now. */
  readonly columns: () => number;
}
