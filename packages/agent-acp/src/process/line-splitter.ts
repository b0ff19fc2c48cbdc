const lineFeed = 0x0a;
/** Of a line that is too long, so much is kept to tell what it was. */
const headBytes = 512;

/** One line, or what is known of one that was longer than it may be. */
export type Line =
  | { readonly kind: "line"; readonly text: string }
  | { readonly kind: "too-long"; readonly head: string; readonly sizeBytes: number };

/** Makes lines of pieces of bytes, and never keeps more than `maxLineBytes` of them. */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #pieces: Uint8Array[] = [];
  #sizeBytes = 0;
  /** What a line that is too long began with. */
  #head: string | undefined;

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that these bytes complete. */
  *push(bytes: Uint8Array): Generator<Line> {
    let start = 0;
    for (let end = bytes.indexOf(lineFeed); end >= 0; end = bytes.indexOf(lineFeed, start)) {
      this.#add(bytes.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    if (start < bytes.length) this.#add(bytes.subarray(start));
  }

  /** What came behind the last line's end, if anything did. */
  end(): Line | undefined {
    return this.#sizeBytes === 0 ? undefined : this.#take();
  }

  #add(piece: Uint8Array): void {
    this.#sizeBytes += piece.length;
    if (this.#head !== undefined) return;
    this.#pieces.push(piece);
    if (this.#sizeBytes <= this.#maxLineBytes) return;
    this.#head = Buffer.concat(this.#pieces, Math.min(headBytes, this.#sizeBytes)).toString("utf8");
    this.#pieces = [];
  }

  #take(): Line {
    const line: Line =
      this.#head === undefined
        ? { kind: "line", text: Buffer.concat(this.#pieces).toString("utf8") }
        : { kind: "too-long", head: this.#head, sizeBytes: this.#sizeBytes };
    this.#pieces = [];
    this.#sizeBytes = 0;
    this.#head = undefined;
    return line;
  }
}
