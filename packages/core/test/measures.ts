import { utf16Length, utf8Length } from "../src/index.ts";

/** As MarkdownV2: every mark of punctuation is escaped. */
export const escaped = (text: string): number => text.replace(/[_*[\]()~`>#+\-=|{}.!]/gu, "\\$&").length;

/** How differently platforms count. */
export const measures = { utf16Length, utf8Length, escaped };
