import { splitMarkdown, utf16Length, type MarkdownPart } from "../../src/index.ts";

/** Splits; lengths are UTF-16 code units unless something else is said. */
export function split(
  source: string,
  maxLength: number | null,
  measure: (text: string) => number = utf16Length,
  fence = "",
): readonly MarkdownPart[] {
  return splitMarkdown(source, { maxLength, measure, ...(fence === "" ? {} : { fence }) });
}
