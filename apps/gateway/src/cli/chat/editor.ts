import { graphemesOf } from "../ledger/text-width.ts";
import type { Key } from "./keys.ts";

/** What is being written, and where the cursor stands in it. */
export interface Draft {
  readonly text: string;
  readonly cursor: number;
}

/** A draft, and what `yank` puts in. */
export interface Editing extends Draft {
  readonly killed: string;
}

export const emptyDraft: Editing = { text: "", cursor: 0, killed: "" };

/** What a key makes of a draft; undefined where it is no matter of the draft alone. */
export function edit(draft: Editing, key: Key): Editing | undefined {
  const { text, cursor, killed } = draft;
  switch (key.type) {
    case "text":
    case "paste":
      return insert(draft, key.text);
    case "newline":
      return insert(draft, "\n");
    case "yank":
      return insert(draft, killed);
    case "backspace":
      return cut(draft, before(draft), cursor, killed);
    case "delete":
      return cut(draft, cursor, after(draft), killed);
    case "left":
      return { ...draft, cursor: before(draft) };
    case "right":
      return { ...draft, cursor: after(draft) };
    case "word-left":
      return { ...draft, cursor: wordStart(draft) };
    case "word-right":
      return { ...draft, cursor: wordEnd(draft) };
    case "home":
      return { ...draft, cursor: lineStart(text, cursor) };
    case "end":
      return { ...draft, cursor: lineEnd(text, cursor) };
    case "kill-word":
      return cut(draft, wordStart(draft), cursor, text.slice(wordStart(draft), cursor));
    case "kill-to-start":
      return cut(draft, lineStart(text, cursor), cursor, text.slice(lineStart(text, cursor), cursor));
    case "kill-to-end": {
      // At the end of a line it takes the line end itself.
      const end = lineEnd(text, cursor) === cursor ? Math.min(text.length, cursor + 1) : lineEnd(text, cursor);
      return cut(draft, cursor, end, text.slice(cursor, end));
    }
    case "up":
      return lineStart(text, cursor) === 0 ? undefined : moveLine(draft, -1);
    case "down":
      return lineEnd(text, cursor) === text.length ? undefined : moveLine(draft, 1);
    case "enter":
      // A line that ends in a backslash goes on.
      return text.slice(0, cursor).endsWith("\\") && cursor === text.length
        ? insert({ ...draft, text: text.slice(0, -1), cursor: cursor - 1 }, "\n")
        : undefined;
    case "tab":
    case "back-tab":
    case "escape":
    case "redraw":
    case "interrupt":
    case "end-of-input":
    case "suspend":
      return undefined;
  }
}

function insert(draft: Editing, added: string): Editing {
  const { text, cursor } = draft;
  return { ...draft, text: text.slice(0, cursor) + added + text.slice(cursor), cursor: cursor + added.length };
}

function cut(draft: Editing, from: number, to: number, killed: string): Editing {
  return { text: draft.text.slice(0, from) + draft.text.slice(to), cursor: from, killed };
}

/** Characters of what people see as one are never torn; only those close by are looked at. */
const near = 64;

function before({ text, cursor }: Draft): number {
  const last = [...graphemesOf(text.slice(Math.max(0, cursor - near), cursor))].at(-1) ?? "";
  return cursor - last.length;
}

function after({ text, cursor }: Draft): number {
  const [first = ""] = [...graphemesOf(text.slice(cursor, cursor + near))];
  return cursor + first.length;
}

function wordStart({ text, cursor }: Draft): number {
  return cursor - (/[^\s]*\s*$/u.exec(text.slice(0, cursor))?.[0].length ?? 0);
}

function wordEnd({ text, cursor }: Draft): number {
  return cursor + (/^\s*[^\s]*/u.exec(text.slice(cursor))?.[0].length ?? 0);
}

function lineStart(text: string, cursor: number): number {
  return cursor === 0 ? 0 : text.lastIndexOf("\n", cursor - 1) + 1;
}

function lineEnd(text: string, cursor: number): number {
  const end = text.indexOf("\n", cursor);
  return end === -1 ? text.length : end;
}

function moveLine(draft: Editing, by: -1 | 1): Editing {
  const { text, cursor } = draft;
  const column = cursor - lineStart(text, cursor);
  const start = by === -1 ? lineStart(text, lineStart(text, cursor) - 1) : lineEnd(text, cursor) + 1;
  return { ...draft, cursor: Math.min(start + column, lineEnd(text, start)) };
}
