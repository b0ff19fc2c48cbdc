import { parseMarkdown } from "@hermes/markdown";
import { no } from "./refusal.ts";

export type Blocks = readonly Readonly<Record<string, unknown>>[];

const maxMarkdown = 12_000;
/** Observed, not documented. */
const maxAll = 13_200;

/** Refuses what Slack refuses of blocks. */
export function checkBlocks(given: unknown): Blocks {
  if (!Array.isArray(given)) throw no("invalid_blocks_format");
  const blocks = given as Blocks;
  if (blocks.length > 50) throw invalid("no more than 50 items allowed [json-pointer:/blocks]");
  let markdown = 0;
  let all = 0;
  for (const block of blocks) {
    if (block["type"] === "markdown") {
      const { text } = block;
      if (typeof text !== "string" || text.trim() === "")
        throw invalid("must be more than 0 characters [json-pointer:/blocks/0/text]");
      checkTables(text);
      markdown += text.length;
      all += text.length;
    } else if (block["type"] === "actions") all += checkActions(block["elements"]);
    else if (block["type"] === "section") all += checkText(block["text"], 3000);
    else throw invalid(`unsupported type: ${String(block["type"])} [json-pointer:/blocks/0/type]`);
  }
  if (markdown > maxMarkdown) throw invalid(`must be less than ${maxMarkdown + 1} characters [json-pointer:/blocks/0/text]`);
  if (all > maxAll) throw no("msg_blocks_too_long");
  return blocks;
}

export function checkTables(markdown: string): void {
  const tables = parseMarkdown(markdown).filter(({ type }) => type === "table");
  if (tables.length > 1) throw no("invalid_blocks", { response_metadata: { messages: ["[ERROR] only_one_table_allowed"] } });
}

function checkActions(elements: unknown): number {
  if (!Array.isArray(elements) || elements.length === 0)
    throw invalid("no fewer than 1 items allowed [json-pointer:/blocks/0/elements]");
  if (elements.length > 25) throw invalid("no more than 25 items allowed [json-pointer:/blocks/0/elements]");
  const ids = elements.map((element: { readonly action_id?: string }) => element.action_id);
  if (new Set(ids).size !== ids.length) throw invalid("`action_id` is duplicated [json-pointer:/blocks/0/elements]");
  return elements.reduce((sum: number, element: Readonly<Record<string, unknown>>) => {
    const { type, value, style } = element;
    if (type !== "button") throw invalid("unsupported type [json-pointer:/blocks/0/elements/0/type]");
    if (typeof value !== "string" || value.length > 2000)
      throw invalid("must be less than 2001 characters [json-pointer:/value]");
    if (style !== undefined && style !== "primary" && style !== "danger") throw invalid("invalid style");
    return sum + checkText(element["text"], 75) + value.length;
  }, 0);
}

function checkText(given: unknown, max: number): number {
  const { text } = (given ?? {}) as { readonly text?: unknown };
  if (typeof text !== "string" || text === "" || text.length > max)
    throw invalid(`must be less than ${max + 1} characters [json-pointer:/text]`);
  return text.length;
}

function invalid(message: string): Error {
  return no("invalid_blocks", { response_metadata: { messages: [`[ERROR] ${message}`] } });
}

/** Whom a text notifies: what Slack's own control sequences name, wherever in it they stand. */
export function pingsIn(text: string): readonly string[] {
  return [...text.matchAll(/<(?:@([UW][A-Z0-9]+)|!(here|channel|everyone|group|subteam\^[A-Z0-9]+))(?:\|[^>]*)?>/giu)].map(
    ([, user, group]) => user ?? group ?? "",
  );
}
