import { codePointLength } from "@hermes/core";
import { isPlain, parseMarkdown, renderBlocks } from "@hermes/markdown";
import { dialect } from "./encode/dialect.ts";
import { linkMarks, separateLinks } from "./encode/bare-links.ts";

/**
 * Markdown as Discord shows it. Nothing in it pings, but people among `mentions`, whose `<@id>` stays one. Pure; never throws; what
 * Discord cannot show stands there as it was written.
 */
export function encode(markdown: string, mentions: readonly string[] = []): string {
  const source = clean(markdown);
  if (isPlain(source) && !mayPing.test(source)) return source.trim();
  // Discord cuts off what is empty at both ends; a line that begins a block of code is never indented.
  return separateLinks(renderBlocks(parseMarkdown(source), dialect(mentions))).trim();
}

/** How long the message is, in code points, once it is rendered: 2000 may be sent. */
export function measure(markdown: string): number {
  return codePointLength(encode(markdown));
}

/** Whether nobody would see anything of it. */
export function isBlank(content: string): boolean {
  return !/[^\s\p{Cf}\p{Zs}\p{Zl}\p{Zp}\u115F\u1160\u3164\uFFA0\u2800]/u.test(content);
}

/** Emoji and mentions are written without what counts as a mark elsewhere. */
const mayPing = /[:@]/u;

/** Without control characters, which Discord drops, halves of characters, which it refuses, and what is a mark of our own. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replaceAll(/\r\n?/gu, "\n")
    .replaceAll(/[\p{Cc}--[\n\t]]/gv, "")
    .replaceAll(linkMarks, "");
}
