import { graphemesOf, graphemeWidth } from "../../src/cli/ledger/text-width.ts";

/** A terminal as far as the chat uses one: what stands on it, and what has scrolled away. */
export class ScreenModel {
  readonly columns: number;
  readonly rows: number;
  readonly scrolled: string[] = [];
  #lines: string[][];
  #row = 0;
  #column = 0;
  /** Sequences it does not know, and rows that were asked for above the first one. */
  readonly faults: string[] = [];

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
    this.#lines = Array.from({ length: rows }, () => []);
  }

  get cursor(): { readonly row: number; readonly column: number } {
    return { row: this.#row, column: this.#column };
  }

  /** Everything from the first line on, without what is empty at the end. */
  get text(): string {
    return [...this.scrolled, ...this.#lines.map(textOf)].join("\n").trimEnd();
  }

  write(data: string): void {
    // oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
    for (const [piece] of data.matchAll(/\u001B\[[0-9;?]*[A-Za-z]|[\r\n]|[^\u001B\r\n]+|\u001B/gu)) {
      if (piece === "\r") this.#column = 0;
      else if (piece === "\n") this.#down();
      else if (piece.startsWith("\u001B")) this.#obey(piece);
      else for (const segment of graphemesOf(piece)) this.#put(segment);
    }
  }

  #obey(sequence: string): void {
    const count = Number(/\d+/u.exec(sequence)?.[0] ?? "1");
    switch (sequence.at(-1)) {
      case "A":
        if (count > this.#row) this.faults.push(`up ${count} from row ${this.#row}`);
        this.#row = Math.max(0, this.#row - count);
        return;
      case "C":
        this.#column = Math.min(this.columns - 1, this.#column + count);
        return;
      case "J":
        this.#lines[this.#row]?.splice(this.#column);
        for (let row = this.#row + 1; row < this.rows; row += 1) this.#lines[row] = [];
        return;
      case "m":
      case "h":
      case "l":
        return;
      default:
        this.faults.push(JSON.stringify(sequence));
    }
  }

  #down(): void {
    this.#row += 1;
    if (this.#row < this.rows) return;
    this.#row = this.rows - 1;
    this.scrolled.push(textOf(this.#lines.shift() ?? []));
    this.#lines.push([]);
  }

  #put(segment: string): void {
    const width = graphemeWidth(segment);
    if (this.#column + width > this.columns) {
      this.#column = 0;
      this.#down();
    }
    const line = this.#lines[this.#row] ?? [];
    while (line.length < this.#column) line.push(" ");
    line[this.#column] = segment;
    if (width === 2) line[this.#column + 1] = "";
    this.#column += width;
  }
}

function textOf(line: readonly string[]): string {
  return line.join("").trimEnd();
}
