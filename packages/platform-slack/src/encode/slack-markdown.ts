import { inertCode, inertText } from "./inert.ts";
import { isDelimiter, mayBecomeTable, mayBeginTable, tableText } from "./tables.ts";

export interface SlackMarkdownOptions {
  /** User ids that may be pinged. Default: nobody. */
  readonly mentions?: readonly string[];
  /** More may follow: what cannot be decided yet is left out, and nothing that was given changes when more is there. Default false. */
  readonly isPartial?: boolean;
}

/** The beginning of a block of code, also in a list or a quote. */
const fence = /^[\s>]*(?:[-*+]\s+|\d{1,9}[.)]\s+)?(`{3,}(?=[^`]*$)|~{3,})/u;
const maybeFence = /^([\s>]*(?:[-*+]\s+|\d{1,9}[.)]\s+)?)(?:`{1,2}$|`{3}|~)/u;

/**
 * Markdown as Slack's Markdown: the same, except that no `<` begins anything but an address or a person who may be pinged, and that a
 * second table, which Slack refuses, stands aligned as code. Whether something is code decides only how it is made harmless, never whether.
 */
export function slackMarkdown(source: string, { mentions = [], isPartial = false }: SlackMarkdownOptions = {}): string {
  const text = cleaned(source, isPartial);
  if (!/[<|`]/u.test(text) && !(isPartial && /[~\\]/u.test(text))) return text;
  const lines = text.split("\n");
  let written = "";
  let fenced: string | undefined;
  let tables = 0;
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? "";
    const isOpen = isPartial && index === lines.length - 1;
    const lead = index === 0 ? "" : "\n";
    if (fenced !== undefined) {
      written += lead + inertCode(line, isOpen);
      if (!isOpen && isClosing(line, fenced)) fenced = undefined;
      continue;
    }
    const opening = fence.exec(line)?.[1];
    const before = isOpen ? maybeFence.exec(line)?.[1] : undefined;
    if (before !== undefined) return written + lead + before;
    if (opening !== undefined) {
      fenced = opening;
      written += lead + inertCode(line, false);
      continue;
    }
    if (isOpen && mayBecomeTable(line)) return written + lead;
    // A table without a bar in front was shown word by word by now: a second one can only be kept from being one.
    if (!isOpen && !mayBeginTable(lines[index - 1] ?? "") && isDelimiter(line, lines[index - 1] ?? "")) {
      tables += 1;
      written += lead + (tables === 1 ? line : `\u200B${line}`);
      continue;
    }
    if (mayBeginTable(line)) {
      if (isPartial && index >= lines.length - 2) return written + lead;
      if (isDelimiter(lines[index + 1], line)) {
        const end = tableEnd(lines, index);
        if (isPartial && end >= lines.length - 1) return written + lead;
        tables += 1;
        written += lead + tableText(lines.slice(index, end), { isFirst: tables === 1, mentions });
        index = end - 1;
        continue;
      }
    }
    written += lead + inertText(line, { mentions, isOpen });
  }
  return written;
}

/** Behind the last line of a table. */
function tableEnd(lines: readonly string[], start: number): number {
  const end = lines.findIndex((line, index) => index > start + 1 && !line.includes("|"));
  return end === -1 ? lines.length : end;
}

function isClosing(line: string, opening: string): boolean {
  const run = /^[\s>]*(`{3,}|~{3,})\s*$/u.exec(line)?.[1];
  return run !== undefined && run.startsWith(opening);
}

/** What no text can hold goes; of a character in two halves, the first waits for the second. */
function cleaned(source: string, isPartial: boolean): string {
  const whole = isPartial ? source.replace(/[\uD800-\uDBFF]$/u, "") : source;
  // oxlint-disable-next-line no-control-regex
  return whole.toWellFormed().replaceAll(/[\r\u0000]/gu, "");
}
