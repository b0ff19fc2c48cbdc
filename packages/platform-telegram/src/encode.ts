import { isPlain, isRightToLeft, parseMarkdown, type Block, type Inline } from "@hermes/markdown";
import { clean, isBlank } from "./encode/clean.ts";
import { EntityWriter, type Encoded } from "./encode/entity-writer.ts";
import { needsRich } from "./encode/needs-rich.ts";
import { renderText } from "./encode/render.ts";
import { renderRich, type Rich } from "./encode/rich.ts";
import type { Shown } from "./encode/shown.ts";

export { isBlank };
export type { Shown };

/** "1-4096 characters after entities parsing" (Bot API, sendMessage), in UTF-16 code units. */
const maxTextLength = 4096;
/** "Up to 32768 UTF-8 characters", "up to 500 blocks" (Bot API, Rich message limits). */
const maxRichLength = 32_768;
const maxRichBlocks = 500;

/**
 * Markdown as Telegram shows it. `rich`: rich messages are taken; one is made where the text has something that text and entities
 * cannot show, or is too long for them. Pure; never throws; what it cannot render stands there as it was written.
 */
export function encode(markdown: string, options: { readonly rich: boolean }): Shown {
  const { text, rich } = options.rich ? forms(markdown) : { text: encodeText(markdown), rich: undefined };
  if (rich === undefined) return { form: "text", ...text };
  return { form: "rich", html: rich.html, isRightToLeft: isRightToLeft(text.text), fallback: text };
}

/** Markdown as a text with entities, for captions and for servers that know no rich messages. */
export function encodeText(markdown: string): Encoded {
  return textForm(markdown.toWellFormed()).text;
}

/**
 * How long the message is, at least: what stands in it in UTF-16 code units where it is a text (4096 may), and no less than what
 * the server counts where it is rich (32,768 may; a message of too many blocks is longer than that).
 */
export function measure(markdown: string): number {
  return plainLength(markdown) ?? lengthOf(forms(markdown));
}

/**
 * The length of a plain text that is surely taken, or undefined: a rich message of it is no longer, since each of its line breaks is at
 * most one block. A long answer is measured with each of its edits, so this is worth knowing without parsing it.
 */
function plainLength(markdown: string): number | undefined {
  const source = markdown.toWellFormed();
  if (!isPlain(source) || clean(source) !== source) return undefined;
  if (source.split("\n", maxRichBlocks + 1).length > maxRichBlocks) return undefined;
  const { text } = verbatim(source);
  return isBlank(text) ? undefined : text.length;
}

function lengthOf({ text, rich }: Forms): number {
  const length = Math.max(text.text.length, rich?.length ?? 0);
  const isTaken = rich === undefined ? length <= maxTextLength : rich.blocks <= maxRichBlocks;
  return isTaken ? length : Math.max(length, maxRichLength + 1);
}

interface Forms {
  readonly text: Encoded;
  /** Undefined where the text says it all. */
  readonly rich: Rich | undefined;
}

function forms(markdown: string): Forms {
  const source = markdown.toWellFormed();
  const { text, blocks } = textForm(source);
  const fits = text.text.length <= maxTextLength;
  const parsed = blocks ?? (fits ? [] : parseMarkdown(source));
  if (fits && !needsRich(parsed)) return { text, rich: undefined };
  const rich = renderRich(parsed);
  const isSent = rich.isVisible && (rich.blocks <= maxRichBlocks || !fits);
  return { text, rich: isSent ? rich : undefined };
}

/** A plain text is not parsed. */
function textForm(source: string): { readonly text: Encoded; readonly blocks: readonly Block[] | undefined } {
  if (isPlain(source)) return { text: verbatim(source), blocks: undefined };
  const blocks = parseMarkdown(source);
  const text = renderText(blocks);
  return text.text === "" ? { text: verbatim(source), blocks: [unmarked(source)] } : { text, blocks };
}

/** The source as a paragraph: what would render to nothing stands as it was written. */
function unmarked(source: string): Block {
  const content = source
    .split("\n")
    .flatMap((line, index): readonly Inline[] => [
      ...(index === 0 ? [] : [{ type: "break" } as const]),
      { type: "text", text: line },
    ]);
  return { type: "paragraph", content, isSpaced: false };
}

function verbatim(source: string): Encoded {
  const writer = new EntityWriter();
  writer.write(source);
  return writer.finish();
}
