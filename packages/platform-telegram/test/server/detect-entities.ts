import type { MessageEntity } from "grammy/types";

type Detected = Extract<MessageEntity.CommonMessageEntity["type"], "mention" | "hashtag" | "bot_command" | "url" | "email">;

const patterns: readonly (readonly [Detected, RegExp])[] = [
  ["url", /\bhttps?:\/\/[^\s<>"']+[^\s<>"'.,:;!?)\]]/giu],
  ["email", /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+/giu],
  ["mention", /(?<![\w/])@[a-z0-9_]{3,32}\b/giu],
  ["bot_command", /(?<![\w/<>])\/[a-z0-9_]{1,64}(?:@[a-z0-9_]{3,32})?(?![\w/])/giu],
  ["hashtag", /(?<![\w#])#[\p{L}\p{N}_]*\p{L}[\p{L}\p{N}_]*/giu],
];
const alone: ReadonlySet<string> = new Set(["code", "pre", "text_link", "text_mention", "custom_emoji"]);

/** What Telegram finds in a text by itself: addresses, names, commands; never inside code or links. */
export function detectEntities(text: string, given: readonly MessageEntity[]): MessageEntity[] {
  const taken = given.filter((entity) => alone.has(entity.type)).map((entity) => [entity.offset, entity.offset + entity.length]);
  const found: MessageEntity[] = [];
  for (const [type, pattern] of patterns) {
    for (const match of text.matchAll(pattern)) {
      const start = match.index;
      const stop = start + match[0].length;
      if (taken.some(([from = 0, to = 0]) => start < to && from < stop)) continue;
      taken.push([start, stop]);
      found.push({ type, offset: start, length: match[0].length });
    }
  }
  return found;
}
