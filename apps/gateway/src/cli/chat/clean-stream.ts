import { terminalText } from "../../log/printable.ts";

/** What a text that is going on may be in the middle of. */
type State = "text" | "escape" | "sequence" | "string" | "string-escape";

/** Longer than any that is meant: what is not closed by then was none. */
const maxSequenceLength = 256;

/**
 * Takes out of a text that comes in pieces what would steer a terminal. The result does not depend on where the pieces were cut: what
 * may go on (an escape sequence, a line end, half of a character) is kept back until it is whole.
 */
export class CleanStream {
  #state: State = "text";
  #length = 0;
  #kept = "";

  push(piece: string): string {
    let text = this.#kept + piece;
    this.#kept = /[\r\uD800-\uDBFF]$/u.exec(text)?.[0] ?? "";
    text = text.slice(0, text.length - this.#kept.length);
    return terminalText(this.#state === "text" && !text.includes("\u001B") ? text : this.#withoutSequences(text));
  }

  /** What was kept back, when nothing more comes. */
  end(): string {
    return terminalText(this.#kept);
  }

  #withoutSequences(text: string): string {
    let clean = "";
    for (const character of text) {
      if (this.#state === "text" && character !== "\u001B") clean += character;
      else this.#state = this.#next(character);
    }
    return clean;
  }

  #next(character: string): State {
    if (this.#state === "text") {
      this.#length = 0;
      return "escape";
    }
    this.#length += 1;
    if (this.#length > maxSequenceLength) return "text";
    switch (this.#state) {
      case "escape":
        if (character === "[") return "sequence";
        if ("]P^_X".includes(character)) return "string";
        return /[ -/]/u.test(character) ? "escape" : "text";
      case "sequence":
        return /[ -?]/u.test(character) ? "sequence" : "text";
      case "string":
        if (character === "\u0007") return "text";
        return character === "\u001B" ? "string-escape" : "string";
      case "string-escape":
        return character === "\\" ? "text" : "string";
    }
  }
}

/** A whole text of others for a terminal. */
export function cleanText(text: string): string {
  const stream = new CleanStream();
  return stream.push(text) + stream.end();
}
