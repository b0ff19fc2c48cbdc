import { PlatformError } from "@hermes/core";
import type { Shown, ShownText } from "../api/shown.ts";
import { capabilityTable, maxTextLength } from "../capabilities.ts";
import { encode, encodeText, isBlank, measure } from "../encode.ts";
import type { Encoded } from "../encode/entity-writer.ts";
import { shownWithoutPings, withoutNames, withoutPings } from "../encode/pings.ts";
import { withoutMarkup } from "../encode/render.ts";
import { refusal } from "./places.ts";

/** Who reads a text, and who may be pinged by it. */
export interface Readers {
  readonly platform: string;
  /** A private chat's id is above zero, and nobody else is there to be pinged. */
  readonly chatId: number;
  readonly mentions: readonly string[];
}

/** A text as it is sent. @throws PlatformError for one that is empty or too long. */
export function messageText(markdown: string, readers: Readers, rich: boolean): Shown {
  const encoded = encode(markdown, { rich });
  const shown = readers.chatId > 0 ? encoded : shownWithoutPings(encoded, readers.mentions);
  if (shown.form === "text") return plainly(shown, maxTextLength, readers);
  if (measure(markdown) > capabilityTable.text.maxLength) {
    throw tooLong(readers.platform, "the text", measure(markdown), capabilityTable.text.maxLength);
  }
  const { html, isRightToLeft, fallback } = shown;
  return { form: "rich", html, isRightToLeft, fallback: () => plainly(fallback, maxTextLength, readers) };
}

/** A text as it stands under a file. @throws PlatformError for one that is empty or too long. */
export function captionText(markdown: string, readers: Readers): ShownText {
  const encoded = encodeText(markdown);
  const shown = readers.chatId > 0 ? encoded : withoutPings(encoded, readers.mentions);
  return plainly(shown, capabilityTable.media.captionMaxLength, readers, "the caption");
}

/** What nobody would see: a file then has no caption, a draft no text yet. */
export function isInvisible(markdown: string): boolean {
  return isBlank(encodeText(markdown).text);
}

function plainly({ text, entities }: Encoded, maxLength: number, { platform, chatId }: Readers, what = "the text"): ShownText {
  if (isBlank(text)) throw refusal(platform, "send", `${what} is empty`);
  if (text.length > maxLength) throw tooLong(platform, what, text.length, maxLength);
  const plain = (words: string): string => (chatId > 0 ? words : withoutNames(words));
  return { form: "text", text, entities, plain: () => plain(withLinks({ text, entities }, maxLength)) };
}

/** With the addresses of its links, as long as that fits. */
function withLinks(shown: Encoded, maxLength: number): string {
  const words = withoutMarkup(shown);
  return words.length > maxLength ? shown.text : words;
}

function tooLong(platform: string, what: string, length: number, maxLength: number): PlatformError {
  const message = `Cannot send: ${what} has ${length} characters, Telegram takes ${maxLength}`;
  return new PlatformError({ platform, failure: { kind: "too-long" }, message });
}
