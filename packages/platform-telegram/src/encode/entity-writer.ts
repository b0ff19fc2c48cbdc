import type { MessageEntity } from "grammy/types";
import { clean } from "./clean.ts";

/** A text and what is marked up in it, as the Bot API takes it. Offsets and lengths are UTF-16 code units. */
export interface Encoded {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

export type Style = "bold" | "italic" | "underline" | "strikethrough" | "spoiler";

interface Open {
  readonly entity: { readonly type: Style | "blockquote" } | { readonly type: "text_link"; readonly url: string };
  /** Where its first visible character stands; undefined until there is one. */
  start: number | undefined;
}

/** Telegram ignores what comes after the hundredth. */
export const maxEntities = 100;

/**
 * Writes a text with entities that obey Telegram's rules by construction: each within another or apart from it, nothing inside
 * code, no link in a link, no quote in a quote, none empty, no whitespace at the ends of the text but the indentation of code.
 */
export class EntityWriter {
  #text = "";
  #pendingBreaks = 0;
  #inCode = false;
  readonly #indents: string[] = [];
  readonly #open: Open[] = [];
  readonly #entities: MessageEntity[] = [];

  /** Adds text; a line break in it is one. */
  write(text: string): void {
    const [first = "", ...rest] = clean(text).split("\n");
    this.#append(first);
    for (const line of rest) {
      this.#pendingBreaks++;
      this.#append(line);
    }
  }

  /** At least this many line breaks before what comes next. */
  break(count: number): void {
    this.#pendingBreaks = Math.max(this.#pendingBreaks, count);
  }

  /** Every line that `body` begins starts with `indent`. */
  indented(indent: string, body: () => void): void {
    this.#indents.push(indent);
    body();
    this.#indents.pop();
  }

  styled(type: Style, body: () => void): void {
    this.#within({ type }, body);
  }

  link(url: string, body: () => void): void {
    this.#within({ type: "text_link", url }, body);
  }

  /** A quote inside a quote is shown as people type it. */
  quoted(body: () => void): void {
    this.break(1);
    if (this.#isOpen("blockquote")) this.indented("> ", body);
    else this.#within({ type: "blockquote" }, body);
    this.break(1);
  }

  /** Monospaced text within a line; inside a link it is text like any other, since a link holds no code. */
  code(text: string): void {
    if (this.#isOpen("text_link")) this.write(text);
    else this.#alone(clean(text), (range) => ({ type: "code", ...range }));
  }

  /** A block of code. */
  pre(text: string, language?: string): void {
    this.break(1);
    const content = withoutEnd(clean(text.replaceAll("\t", "    ")).replace(/^\n+/u, ""));
    this.#alone(content, (range) => ({ type: "pre", ...range, ...(language === undefined ? {} : { language }) }));
    this.break(1);
  }

  finish(): Encoded {
    const text = withoutEnd(this.#text);
    const starts = new Set(this.#entities.filter(keepsSpace).map((entity) => entity.offset));
    const entities = this.#entities
      .toReversed() // what is closed last holds the others
      .map((entity) => fitted(entity, text, starts))
      .filter((entity) => entity.length > 0)
      .sort((left, right) => left.offset - right.offset || right.length - left.length);
    return { text, entities: entities.slice(0, maxEntities) };
  }

  #isOpen(type: string): boolean {
    return this.#open.some((open) => open.entity.type === type);
  }

  #within(entity: Open["entity"], body: () => void): void {
    if (this.#isOpen(entity.type)) return body();
    const open: Open = { entity, start: undefined };
    this.#open.push(open);
    body();
    this.#open.pop();
    this.#close(open);
  }

  #close(open: Open): void {
    if (open.start !== undefined)
      this.#entities.push({ ...open.entity, offset: open.start, length: this.#text.length - open.start });
    open.start = undefined;
  }

  /** Code may stand in a quote and in nothing else: styles end before it and begin anew after it. */
  #alone(content: string, toEntity: (range: { readonly offset: number; readonly length: number }) => MessageEntity): void {
    for (const open of this.#open) if (open.entity.type !== "blockquote") this.#close(open);
    this.#inCode = true;
    const length = this.#append(content);
    this.#inCode = false;
    if (length > 0) this.#entities.push(toEntity({ offset: this.#text.length - length, length }));
  }

  /** Adds what is visible of a line and returns its length; the line breaks before it are written only now, and never at the start. */
  #append(line: string): number {
    const atStart = this.#text === "";
    const content = atStart && !this.#inCode ? line.replace(/^ +/u, "") : line;
    if (content === "") return 0;
    if (!atStart) this.#text += "\n".repeat(this.#pendingBreaks);
    const indent = this.#pendingBreaks > 0 && !this.#inCode ? this.#indents.join("") : "";
    this.#text += atStart ? indent.trimStart() : indent;
    this.#pendingBreaks = 0;
    for (const open of this.#open) {
      if (open.start === undefined && (open.entity.type === "blockquote" || !this.#inCode)) open.start = this.#text.length;
    }
    this.#text += content;
    return content.length;
  }
}

/** Without spaces and line breaks at the end. A pattern would look at every space within the text. */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && (text[end - 1] === " " || text[end - 1] === "\n")) end -= 1;
  return text.slice(0, end);
}

/** Only code, a link, and what holds them may begin with whitespace. */
function keepsSpace(entity: MessageEntity): boolean {
  return entity.type === "code" || entity.type === "pre" || entity.type === "text_link";
}

function fitted(entity: MessageEntity, text: string, spacedStarts: ReadonlySet<number>): MessageEntity {
  const end = Math.min(entity.offset + entity.length, text.length);
  let offset = entity.offset;
  while (!spacedStarts.has(offset) && offset < end && /[ \n]/u.test(text.charAt(offset))) offset++;
  return { ...entity, offset, length: end - offset };
}
