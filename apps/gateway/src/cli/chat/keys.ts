/** What somebody did on the keyboard. */
export type Key = { readonly type: "text" | "paste"; readonly text: string } | { readonly type: KeyName };

export type KeyName =
  | "enter"
  | "newline"
  | "tab"
  | "back-tab"
  | "escape"
  | "backspace"
  | "delete"
  | "left"
  | "right"
  | "up"
  | "down"
  | "word-left"
  | "word-right"
  | "home"
  | "end"
  | "kill-word"
  | "kill-to-start"
  | "kill-to-end"
  | "yank"
  | "redraw"
  | "interrupt"
  | "end-of-input"
  | "suspend";

const controls: Readonly<Record<string, KeyName>> = {
  "\u0001": "home",
  "\u0002": "left",
  "\u0003": "interrupt",
  "\u0004": "end-of-input",
  "\u0005": "end",
  "\u0006": "right",
  "\b": "backspace",
  "\t": "tab",
  "\n": "newline",
  "\u000B": "kill-to-end",
  "\f": "redraw",
  "\r": "enter",
  "\u000E": "down",
  "\u0010": "up",
  "\u0015": "kill-to-start",
  "\u0017": "kill-word",
  "\u0019": "yank",
  "\u001A": "suspend",
  "\u007F": "backspace",
};

/** Behind the escape character. `\r` and `\n`: Alt-Enter; `13;…u` and `27;…;13~`: Shift- or Alt-Enter where a terminal tells them. */
const escapes: Readonly<Record<string, KeyName>> = {
  "\r": "newline",
  "\n": "newline",
  b: "word-left",
  f: "word-right",
  "\u007F": "kill-word",
  "\b": "kill-word",
  "[A": "up",
  "[B": "down",
  "[C": "right",
  "[D": "left",
  "[H": "home",
  "[F": "end",
  "[Z": "back-tab",
  OA: "up",
  OB: "down",
  OC: "right",
  OD: "left",
  OH: "home",
  OF: "end",
  "[1~": "home",
  "[7~": "home",
  "[4~": "end",
  "[8~": "end",
  "[3~": "delete",
  "[1;5C": "word-right",
  "[1;5D": "word-left",
  "[1;3C": "word-right",
  "[1;3D": "word-left",
  "[5C": "word-right",
  "[5D": "word-left",
  "[13;2u": "newline",
  "[13;3u": "newline",
  "[13;5u": "newline",
  "[27;2;13~": "newline",
  "[27;3;13~": "newline",
  "[27;5;13~": "newline",
  "[3;5~": "delete",
};

const pasteBegins = "\u001B[200~";
const pasteEnds = "\u001B[201~";
/** Of a sequence that begins with the escape character. */
// oxlint-disable-next-line no-control-regex -- the escape character is what is looked for
const sequence = /^\u001B(?:\[[0-?]*[ -/]*[@-~]|O[A-Za-z]|[^[O])/u;

/** Reads keys out of what a terminal sends, wherever it cuts it. */
export class KeyReader {
  #unread = "";

  /** Something waits that may be the escape key, or the beginning of a sequence. */
  get isWaiting(): boolean {
    return this.#unread === "\u001B";
  }

  push(data: string): readonly Key[] {
    this.#unread += data;
    const keys: Key[] = [];
    for (let key = this.#next(); key !== undefined; key = this.#next()) if (key !== "ignored") keys.push(key);
    return keys;
  }

  /** Nothing followed: it was the escape key. */
  flush(): readonly Key[] {
    if (!this.isWaiting) return [];
    this.#unread = "";
    return [{ type: "escape" }];
  }

  #next(): Key | "ignored" | undefined {
    const text = this.#unread;
    if (text === "") return undefined;
    if (text.startsWith(pasteBegins)) return this.#paste(text);
    if (text.startsWith("\u001B")) return this.#escape(text);
    const control = controls[text.charAt(0)];
    if (control !== undefined) {
      this.#unread = text.slice(1);
      return { type: control };
    }
    // oxlint-disable-next-line no-control-regex -- control characters are what ends a text
    const run = /^[^\u0000-\u001F\u007F]+/u.exec(text)?.[0] ?? "";
    this.#unread = text.slice(Math.max(1, run.length));
    return run === "" ? "ignored" : { type: "text", text: run };
  }

  #paste(text: string): Key | undefined {
    const end = text.indexOf(pasteEnds);
    if (end === -1) return undefined;
    this.#unread = text.slice(end + pasteEnds.length);
    return { type: "paste", text: text.slice(pasteBegins.length, end) };
  }

  #escape(text: string): Key | "ignored" | undefined {
    // An escape key before another sequence is none of it.
    if (text.startsWith("\u001B\u001B")) {
      this.#unread = text.slice(1);
      return { type: "escape" };
    }
    const found = sequence.exec(text)?.[0];
    if (found === undefined) return undefined;
    this.#unread = text.slice(found.length);
    const name = escapes[found.slice(1)];
    return name === undefined ? "ignored" : { type: name };
  }
}
