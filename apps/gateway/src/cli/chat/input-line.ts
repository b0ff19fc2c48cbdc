import type { CommandInfo } from "@hermes/protocol";
import { terminalText } from "../../log/printable.ts";
import { chooseNext, complete, renderCompletion, type Completion } from "./completion.ts";
import { edit, emptyDraft, type Editing } from "./editor.ts";
import type { InputHistory } from "./input-history.ts";
import { renderInput, type InputView } from "./input-view.ts";
import type { Key } from "./keys.ts";
import type { Style } from "./style.ts";

/** What a key came to, where it is no matter of the line alone. */
export type InputResult =
  | { readonly type: "edited" }
  | { readonly type: "entered"; readonly text: string }
  | { readonly type: "interrupt" | "end-of-input" | "redraw" | "suspend" };

const edited: InputResult = { type: "edited" };
const leastRows = 3;

/** The line something is written in: keys in, text out. */
export class InputLine {
  readonly #history: InputHistory;
  #draft: Editing = emptyDraft;
  #completion: Completion | undefined;
  #commands: readonly CommandInfo[] = [];

  constructor(history: InputHistory) {
    this.#history = history;
  }

  get isEmpty(): boolean {
    return this.#draft.text === "";
  }

  /** What can be completed. */
  set commands(commands: readonly CommandInfo[]) {
    this.#commands = commands;
  }

  clear(): void {
    this.#draft = { ...emptyDraft, killed: this.#draft.text === "" ? this.#draft.killed : this.#draft.text };
    this.#completion = undefined;
    this.#history.leave();
  }

  /** Puts a text into the line. */
  put(text: string): void {
    this.#draft = { ...this.#draft, text, cursor: text.length };
  }

  press(key: Key): InputResult {
    switch (key.type) {
      case "interrupt":
      case "redraw":
      case "suspend":
        return { type: key.type };
      case "end-of-input":
        if (this.isEmpty) return { type: key.type };
        return this.#edit({ type: "delete" });
      case "tab":
        return this.#complete(1);
      case "back-tab":
        return this.#complete(-1);
      case "escape":
        this.#completion = undefined;
        return edited;
      case "paste":
        return this.#edit({ type: "paste", text: terminalText(key.text).replace(/\n+$/u, "") });
      case "text":
        return this.#edit({ type: "text", text: terminalText(key.text) });
      default:
        return this.#edit(key);
    }
  }

  view(columns: number, rows: number, style: Style): InputView {
    const completion = this.#completion === undefined ? [] : renderCompletion(this.#completion, columns, style);
    const { lines, cursor } = renderInput(this.#draft, columns, Math.max(leastRows, Math.floor(rows / 2)), style);
    return { lines: [...lines, ...completion], cursor };
  }

  #edit(key: Key): InputResult {
    const draft = edit(this.#draft, key);
    if (draft !== undefined) {
      if (draft.text !== this.#draft.text) {
        this.#history.leave();
        this.#completion = undefined;
      }
      this.#draft = draft;
      return edited;
    }
    if (key.type === "up") this.#recall(this.#history.back(this.#draft.text));
    if (key.type === "down") this.#recall(this.#history.forth());
    return key.type === "enter" ? this.#enter() : edited;
  }

  #enter(): InputResult {
    const { text } = this.#draft;
    if (text.trim() === "") return edited;
    this.clear();
    this.#history.add(text);
    return { type: "entered", text };
  }

  #recall(text: string | undefined): void {
    if (text !== undefined) this.put(text);
  }

  #complete(by: 1 | -1): InputResult {
    if (this.#completion !== undefined) {
      const { text, completion } = chooseNext(this.#completion, by);
      this.put(text);
      this.#completion = completion;
      return edited;
    }
    const found = complete(this.#draft, this.#commands);
    if (found !== undefined) {
      this.put(found.text);
      this.#completion = found.completion;
    }
    return edited;
  }
}
