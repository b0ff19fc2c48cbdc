import { blocksOf } from "./render.ts";

/** A piece of a Markdown text that no more text can change. Pieces in their order are the whole text. */
export interface Settled {
  /** `code-line`: of a fenced block that may be longer than any screen. */
  readonly kind: "blocks" | "fence" | "code-line";
  readonly raw: string;
  /** What it says: of a line of code without what the fence is indented by. */
  readonly text: string;
}

interface Fence {
  readonly indent: number;
  readonly marker: string;
}

const opensFence = /^(?<indent> {0,3})(?<marker>`{3,}(?=[^`]*$)|~{3,})/u;
/** Blocks that end with a blank line, whatever comes behind it. */
const endedByBlank: ReadonlySet<string> = new Set(["paragraph", "heading", "hr", "table", "blockquote", "def"]);

/**
 * Takes from a Markdown text that grows what cannot change any more. What it takes depends on the lines that are complete, never on how
 * they came.
 */
export class Splitter {
  #open = "";
  /** Where in `#open` the first line begins that was not looked at. */
  #looked = 0;
  #fence: Fence | undefined;

  /** What is still open: may be shown, but not for good. */
  get open(): string {
    return this.#open;
  }

  /** The line of code that is still open, where it stands in a fenced block. */
  get openCode(): string | undefined {
    return this.#fence === undefined ? undefined : withoutIndent(this.#open, this.#fence);
  }

  push(text: string): readonly Settled[] {
    this.#open += text;
    const settled: Settled[] = [];
    for (let end = this.#open.indexOf("\n", this.#looked); end !== -1; end = this.#open.indexOf("\n", this.#looked)) {
      const line = this.#open.slice(this.#looked, end);
      this.#looked = end + 1;
      settled.push(...this.#lookAt(line));
    }
    return settled;
  }

  /** Nothing more comes. */
  end(): readonly Settled[] {
    const fence = this.#fence;
    const raw = this.#take(this.#open.length);
    this.#fence = undefined;
    if (raw === "") return [];
    return [fence === undefined ? { kind: "blocks", raw, text: raw } : inFence(raw, fence)];
  }

  #lookAt(line: string): readonly Settled[] {
    const fence = this.#fence;
    if (fence !== undefined) {
      if (closes(line, fence)) this.#fence = undefined;
      return [inFence(this.#take(this.#looked), fence)];
    }
    if (opensFence.test(line)) return this.#openFence(line);
    return line.trim() === "" ? this.#settleBlocks() : [];
  }

  /** A fence in a list, or in what is no Markdown, is part of that. */
  #openFence(line: string): readonly Settled[] {
    const last = blocksOf(this.#open.slice(0, this.#looked)).at(-1);
    if (last?.type !== "code" || last.raw.replace(/\n+$/u, "") !== line) return [];
    const { indent = "", marker = "" } = opensFence.exec(line)?.groups ?? {};
    const before = this.#take(this.#looked - line.length - 1);
    const raw = this.#take(this.#looked);
    this.#fence = { indent: indent.length, marker };
    const blocks = before === "" ? [] : [{ kind: "blocks", raw: before, text: before } as const];
    return [...blocks, { kind: "fence", raw, text: line }];
  }

  #settleBlocks(): readonly Settled[] {
    const tokens = blocksOf(this.#open.slice(0, this.#looked));
    const last = tokens.findLastIndex(({ type }) => type !== "space");
    if (last === -1) return [];
    const end = endedByBlank.has(tokens[last]?.type ?? "") ? tokens.length : last;
    const length = tokens.slice(0, end).reduce((sum, { raw }) => sum + raw.length, 0);
    const raw = this.#take(length);
    return raw === "" ? [] : [{ kind: "blocks", raw, text: raw }];
  }

  #take(length: number): string {
    const raw = this.#open.slice(0, length);
    this.#open = this.#open.slice(length);
    this.#looked = Math.max(0, this.#looked - length);
    return raw;
  }
}

function inFence(raw: string, fence: Fence): Settled {
  const line = raw.replace(/\n$/u, "");
  return closes(line, fence) ? { kind: "fence", raw, text: line } : { kind: "code-line", raw, text: withoutIndent(line, fence) };
}

function withoutIndent(line: string, { indent }: Fence): string {
  return line.replace(/^ {0,3}/u, (spaces) => spaces.slice(indent));
}

function closes(line: string, { marker }: Fence): boolean {
  const match = /^ {0,3}(?<closing>`{3,}|~{3,})[ \t]*$/u.exec(line);
  const closing = match?.groups?.["closing"];
  return closing !== undefined && closing.startsWith(marker);
}
