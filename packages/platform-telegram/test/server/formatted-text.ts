import type { MessageEntity } from "grammy/types";
import { badRequest } from "./bot-api-error.ts";
import { detectEntities } from "./detect-entities.ts";
import { repairEntities } from "./entity-rules.ts";
import { parseHtml, type ParsedText } from "./html.ts";
import { isTakenLink } from "./links.ts";

/** A text as it stands in a message. */
export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  /** What Telegram mended without a word: a client that never needs it sends exactly what it means. */
  readonly repairs: readonly string[];
}

const maxLength = 4096;
const maxEntities = 100;
const maxRawBytes = 32_768;

/**
 * What Telegram makes of a text: parses the markup, removes and replaces characters, trims, and counts in UTF-16 code units.
 *
 * @throws BotApiError with Telegram's own words.
 */
export function formatText(source: unknown, parseMode: unknown, entities: unknown): FormattedText {
  if (source === undefined || source === "") throw badRequest("message text is empty");
  if (typeof source !== "string") throw badRequest("strings must be encoded in UTF-8");
  if (!source.isWellFormed()) throw badRequest("strings must be encoded in UTF-8");
  if (Buffer.byteLength(source) > maxRawBytes) throw badRequest("text is too long");
  const parsed = parse(source, parseMode, entities);
  const repairs: string[] = [];
  const cleaned = trim(clean({ text: parsed.text, entities: repairEntities(parsed.entities, repairs) }));
  if (isEmpty(cleaned.text)) throw badRequest("text must be non-empty");
  if (cleaned.text.length > maxLength) throw badRequest("message is too long");
  if (cleaned.entities.length > maxEntities) repairs.push(`${cleaned.entities.length - maxEntities} entities ignored`);
  const kept = cleaned.entities.slice(0, maxEntities);
  return { text: cleaned.text, entities: [...kept, ...detectEntities(cleaned.text, kept)].sort(byOffset), repairs };
}

function parse(source: string, parseMode: unknown, entities: unknown): ParsedText {
  const mode = typeof parseMode === "string" ? parseMode.toLowerCase() : "";
  if (mode === "html") return parseHtml(source);
  if (mode !== "") throw badRequest("unsupported parse_mode");
  return { text: source, entities: Array.isArray(entities) ? entities.map((entity) => readEntity(entity, source)) : [] };
}

function readEntity(value: unknown, text: string): MessageEntity {
  const entity = value as MessageEntity;
  const { offset, length } = entity;
  if (!Number.isInteger(offset) || offset < 0) throw badRequest(`receive an entity with incorrect offset ${offset}`);
  if (!Number.isInteger(length) || length < 0) throw badRequest(`receive an entity with incorrect length ${length}`);
  if (offset > text.length) throw badRequest(`entity begins after the end of the text at UTF-16 offset ${offset}`);
  if (offset + length > text.length) {
    throw badRequest(
      `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${offset + length}`,
    );
  }
  if (isInsideSymbol(text, offset)) {
    throw badRequest(`entity begins in a middle of a UTF-16 symbol at byte offset ${Buffer.byteLength(text.slice(0, offset))}`);
  }
  if (isInsideSymbol(text, offset + length)) {
    throw badRequest(`entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol`);
  }
  if (entity.type === "text_link" && !isTakenLink(entity.url)) throw badRequest("entity Wrong HTTP URL");
  return entity;
}

function isInsideSymbol(text: string, index: number): boolean {
  return /^[\uDC00-\uDFFF]/u.test(text.charAt(index)) && /[\uD800-\uDBFF]$/u.test(text.charAt(index - 1));
}

/** Removes what Telegram removes; a control character becomes a space. Entities move along. */
function clean(parsed: ParsedText): ParsedText {
  const removed = /[\r\u2028-\u202E]|\u0333|\u033F|\u030A/u;
  let text = "";
  const moved: number[] = [];
  for (const character of parsed.text.split("")) {
    moved.push(text.length);
    if (!removed.test(character)) text += character < " " && character !== "\n" ? " " : character;
  }
  moved.push(text.length);
  return { text, entities: parsed.entities.map((entity) => between(entity, moved)) };
}

function between(entity: MessageEntity, moved: readonly number[]): MessageEntity {
  const start = moved[entity.offset] ?? 0;
  return { ...entity, offset: start, length: (moved[entity.offset + entity.length] ?? start) - start };
}

/** Code and links keep the whitespace they begin with, also at the start of the text. */
const keepsSpace: ReadonlySet<string> = new Set(["code", "pre", "text_link", "text_mention"]);

/** Cuts whitespace off both ends; a style starts with it only where code or a link does. */
function trim(parsed: ParsedText): ParsedText {
  const trimmed = parsed.text.replace(/[ \n]+$/u, "");
  const starts = new Set(parsed.entities.filter((entity) => keepsSpace.has(entity.type)).map((entity) => entity.offset));
  const kept = parsed.entities.flatMap((entity) => {
    let start = entity.offset;
    const end = Math.min(trimmed.length, entity.offset + entity.length);
    while (!starts.has(start) && start < end && " \n".includes(trimmed.charAt(start))) start++;
    return start < end ? [{ ...entity, offset: start, length: end - start }] : [];
  });
  const leading = /^[ \n]*/u.exec(trimmed)?.[0].length ?? 0;
  const before = Math.min(leading, ...kept.map((entity) => entity.offset));
  return {
    text: trimmed.slice(before),
    entities: kept.map((entity) => Object.assign(entity, { offset: entity.offset - before })),
  };
}

/** Nothing but spaces and invisible characters. */
function isEmpty(text: string): boolean {
  return /^[\s\u180E\u200B-\u200F\u202E\u2800\uFEFF\uFFFC]*$/u.test(text);
}

function byOffset(left: MessageEntity, right: MessageEntity): number {
  return left.offset - right.offset || right.length - left.length;
}
