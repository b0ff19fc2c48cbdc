import { stripVTControlCharacters } from "node:util";
import { textWidth } from "../ledger/text-width.ts";
import type { InputView } from "./input-view.ts";

/** Where a screen is drawn. */
export interface ScreenTarget {
  readonly write: (text: string) => void;
  readonly columns: () => number;
  readonly rows: () => number;
}

// A terminal that knows it shows all of a frame at once; others ignore it.
const beginFrame = "\u001B[?2026h";
const endFrame = "\u001B[?2026l";
const clearBelow = "\u001B[J";

/**
 * The lower end of a terminal. Lines that are printed stay and scroll away with everything before them; the live lines under them are
 * drawn anew each time, and are never more than the terminal has rows: what has scrolled away is never touched.
 */
export class Screen {
  readonly #target: ScreenTarget;
  /** The live lines as they stand there, and the row of the cursor among them. */
  #drawn: readonly string[] = [];
  #cursorRow = 0;
  #last = "";

  constructor(target: ScreenTarget) {
    this.#target = target;
  }

  /** Prints `lines` for good above the live ones. `live.lines` beyond the height of the terminal are left out at the top. */
  draw(lines: readonly string[], live: InputView): void {
    const rows = Math.max(1, this.#target.rows());
    const hidden = Math.max(0, live.lines.length - rows);
    const shown = live.lines.slice(hidden);
    const row = Math.max(0, live.cursor.row - hidden);
    const up = shown.length - 1 - row;
    const body = [
      ...lines.map((line) => `${line}\r\n`),
      shown.join("\r\n"),
      up > 0 ? `\u001B[${up}A` : "",
      "\r",
      live.cursor.column > 0 ? `\u001B[${live.cursor.column}C` : "",
    ].join("");
    const isSame = lines.length === 0 && body === this.#last;
    this.#last = lines.length === 0 ? body : "";
    if (isSame) return;
    this.#target.write(`${beginFrame}${this.#toTop()}${clearBelow}${body}${endFrame}`);
    this.#drawn = shown;
    this.#cursorRow = row;
  }

  /** The terminal has another width: the live lines may take more rows now. */
  resized(): void {
    const columns = Math.max(1, this.#target.columns());
    const above = this.#drawn.slice(0, this.#cursorRow);
    this.#cursorRow = above.reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / columns)), 0);
    this.#last = "";
  }

  /** Somebody else wrote on the terminal: what stands there is not touched any more. */
  forget(): void {
    this.#drawn = [];
    this.#cursorRow = 0;
    this.#last = "";
  }

  /** Takes the live lines away, and leaves the cursor where they were. */
  clear(): void {
    this.#target.write(`${this.#toTop()}${clearBelow}`);
    this.forget();
  }

  #toTop(): string {
    return this.#cursorRow > 0 ? `\r\u001B[${this.#cursorRow}A` : "\r";
  }
}

function widthOf(line: string): number {
  return textWidth(stripVTControlCharacters(line));
}
