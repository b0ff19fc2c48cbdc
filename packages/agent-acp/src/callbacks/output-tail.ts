/** The end of what something wrote: never more than `limitBytes`, and never half a character at its beginning. */
export class OutputTail {
  readonly #limitBytes: number;
  #pieces: Buffer[] = [];
  #sizeBytes = 0;
  #isTruncated = false;

  constructor(limitBytes: number) {
    this.#limitBytes = limitBytes;
  }

  push(piece: Buffer): void {
    this.#pieces.push(piece);
    this.#sizeBytes += piece.length;
    // Twice the limit may be kept for a while, so that not every piece moves all of it.
    if (this.#sizeBytes > this.#limitBytes * 2 || this.#pieces.length > 4096) this.#shorten();
  }

  read(): { readonly output: string; readonly truncated: boolean } {
    this.#shorten();
    return { output: Buffer.concat(this.#pieces).toString("utf8"), truncated: this.#isTruncated };
  }

  #shorten(): void {
    const all = Buffer.concat(this.#pieces);
    let start = Math.max(0, all.length - this.#limitBytes);
    if (start > 0) this.#isTruncated = true;
    if (this.#isTruncated) {
      // The bytes behind the first of a character begin with the bits 10; the rest of one may come after its beginning went.
      while (start < all.length && ((all[start] ?? 0) & 0b1100_0000) === 0b1000_0000) start += 1;
    }
    const kept = Buffer.from(all.subarray(start));
    this.#pieces = kept.length === 0 ? [] : [kept];
    this.#sizeBytes = kept.length;
  }
}
