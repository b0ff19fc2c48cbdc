import type { MessageEntity } from "grammy/types";
import { badRequest, type BotApiError } from "./bot-api-error.ts";

/** A text and what was marked up in it, before Telegram tidies it. */
export interface ParsedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

type SimpleType = MessageEntity.CommonMessageEntity["type"];

const simpleTags: Readonly<Record<string, SimpleType>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  "tg-spoiler": "spoiler",
};
const otherTags: ReadonlySet<string> = new Set(["a", "code", "pre", "span", "blockquote", "tg-emoji"]);
const references: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };

interface OpenTag {
  readonly name: string;
  readonly attributes: ReadonlyMap<string, string>;
  readonly offset: number;
}

/**
 * Telegram's HTML dialect, refusing with the server's own words whatever the server refuses.
 *
 * @throws BotApiError `can't parse entities: …`
 */
export function parseHtml(source: string): ParsedText {
  const entities: MessageEntity[] = [];
  const open: OpenTag[] = [];
  let text = "";
  let index = 0;
  while (index < source.length) {
    const character = source.charAt(index);
    if (character === "&") {
      const reference = readReference(source, index);
      text += reference?.character ?? "&";
      index = reference?.end ?? index + 1;
    } else if (character !== "<") {
      text += character;
      index++;
    } else if (source.charAt(index + 1) === "/") {
      index = readEndTag(source, index, open, (tag) => entities.push(...closed(tag, text, entities)));
    } else {
      const tag = readStartTag(source, index);
      open.push({ ...tag, offset: text.length });
      index = tag.end;
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw unparsable(`Can't find end tag corresponding to start tag "${unclosed.name}"`);
  if (!text.isWellFormed()) {
    throw unparsable(
      "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units",
    );
  }
  return { text, entities };
}

function unparsable(what: string, source?: string, index?: number): BotApiError {
  const where = source === undefined ? "" : ` at byte offset ${Buffer.byteLength(source.slice(0, index))}`;
  return badRequest(`can't parse entities: ${what}${where}`);
}

function isSpace(character: string): boolean {
  return character !== "" && " \t\r\n\0\v".includes(character);
}

function readReference(source: string, index: number): { readonly character: string; readonly end: number } | undefined {
  const match = /^&(?:#x([0-9a-fA-F]{1,7})|#([0-9]{1,8})|([A-Za-z]+));?/u.exec(source.slice(index, index + 12));
  if (match === null) return undefined;
  const [whole, hexadecimal, decimal, name] = match;
  if (name !== undefined) {
    const character = references[name];
    return character === undefined ? undefined : { character, end: index + whole.length };
  }
  const code = hexadecimal === undefined ? Number.parseInt(decimal ?? "", 10) : Number.parseInt(hexadecimal, 16);
  if (code === 0 || code >= 0x10ffff) return undefined;
  return { character: String.fromCodePoint(code), end: index + whole.length };
}

function readStartTag(source: string, start: number): Omit<OpenTag, "offset"> & { readonly end: number } {
  let index = start + 1;
  while (index < source.length && !isSpace(source.charAt(index)) && source.charAt(index) !== ">") index++;
  if (index >= source.length) throw unparsable("Unclosed start tag", source, start);
  const name = source.slice(start + 1, index).toLowerCase();
  if (simpleTags[name] === undefined && !otherTags.has(name)) {
    throw unparsable(`Unsupported start tag "${name}"`, source, start);
  }
  const attributes = new Map<string, string>();
  for (;;) {
    while (isSpace(source.charAt(index))) index++;
    if (source.charAt(index) === ">") break;
    const attribute = readAttribute(source, index, name, start);
    attributes.set(attribute.name, attribute.value);
    index = attribute.end;
  }
  if (name === "span" && attributes.get("class") !== "tg-spoiler") {
    throw unparsable('Tag "span" must have class "tg-spoiler"', source, start);
  }
  return { name, attributes, end: index + 1 };
}

function readAttribute(
  source: string,
  start: number,
  tag: string,
  tagStart: number,
): { readonly name: string; readonly value: string; readonly end: number } {
  let index = start;
  while (index < source.length && !isSpace(source.charAt(index)) && !"=>".includes(source.charAt(index))) index++;
  const name = source.slice(start, index);
  if (index >= source.length) throw unparsable("Unclosed start tag", source, tagStart);
  if (name === "") throw unparsable(`Empty attribute name in the tag "${tag}"`, source, tagStart);
  if (tag === "blockquote" && name === "expandable" && source.charAt(index) !== "=") return { name, value: "", end: index };
  while (isSpace(source.charAt(index))) index++;
  if (source.charAt(index) !== "=") {
    throw unparsable(`Expected equal sign in declaration of an attribute of the tag "${tag}"`, source, tagStart);
  }
  index++;
  while (isSpace(source.charAt(index))) index++;
  const quote = source.charAt(index);
  if (quote !== '"' && quote !== "'") return { name, ...readBareValue(source, index) };
  let value = "";
  for (index++; index < source.length && source.charAt(index) !== quote;) {
    const reference = source.charAt(index) === "&" ? readReference(source, index) : undefined;
    value += reference?.character ?? source.charAt(index);
    index = reference?.end ?? index + 1;
  }
  if (index >= source.length) throw unparsable("Unclosed start tag", source, tagStart);
  return { name, value, end: index + 1 };
}

function readBareValue(source: string, start: number): { readonly value: string; readonly end: number } {
  const value = /^[A-Za-z0-9.-]*/u.exec(source.slice(start))?.[0] ?? "";
  const end = start + value.length;
  if (!isSpace(source.charAt(end)) && source.charAt(end) !== ">") {
    throw unparsable("Unexpected end of name token", source, start);
  }
  return { value: value.toLowerCase(), end };
}

function readEndTag(source: string, start: number, open: OpenTag[], close: (tag: OpenTag) => void): number {
  const tag = open.at(-1);
  if (tag === undefined) throw unparsable("Unexpected end tag", source, start);
  let index = start + 2;
  while (index < source.length && !isSpace(source.charAt(index)) && source.charAt(index) !== ">") index++;
  const name = source.slice(start + 2, index).toLowerCase();
  while (isSpace(source.charAt(index))) index++;
  if (source.charAt(index) !== ">") throw unparsable("Unclosed end tag", source, start);
  if (name !== "" && name !== tag.name) {
    const offset = Buffer.byteLength(source.slice(0, start));
    throw unparsable(`Unmatched end tag at byte offset ${offset}, expected "</${tag.name}>", found "</${name}>"`);
  }
  open.pop();
  close(tag);
  return index + 1;
}

function closed(tag: OpenTag, text: string, entities: MessageEntity[]): readonly MessageEntity[] {
  const range = { offset: tag.offset, length: text.length - tag.offset };
  if (range.length === 0) return [];
  const simple = tag.name === "span" ? "spoiler" : simpleTags[tag.name];
  if (simple !== undefined) return [{ type: simple, ...range }];
  switch (tag.name) {
    case "blockquote":
      return [{ type: tag.attributes.has("expandable") ? "expandable_blockquote" : "blockquote", ...range }];
    case "a":
      return [{ type: "text_link", url: tag.attributes.get("href") ?? text.slice(tag.offset), ...range }];
    case "tg-emoji":
      return [{ type: "custom_emoji", custom_emoji_id: emojiId(tag), ...range }];
    case "code":
      return [{ type: "code", ...range, ...language(tag) }];
    default: {
      const inner = entities.at(-1);
      const covered = inner?.type === "code" && inner.offset === range.offset && inner.length === range.length;
      return [{ type: "pre", ...range, ...(covered ? languageOf(entities.pop()) : {}) }];
    }
  }
}

function emojiId(tag: OpenTag): string {
  const id = tag.attributes.get("emoji-id") ?? "";
  if (!/^[1-9][0-9]*$/u.test(id)) throw badRequest("invalid custom emoji identifier specified");
  return id;
}

function language(tag: OpenTag): { readonly language?: string } {
  const name = tag.attributes.get("class");
  return name?.startsWith("language-") === true ? { language: name.slice("language-".length) } : {};
}

function languageOf(entity: MessageEntity | undefined): { readonly language?: string } {
  const name = (entity as { readonly language?: string } | undefined)?.language;
  return name === undefined || name === "" ? {} : { language: name };
}
