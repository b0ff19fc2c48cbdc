import { describe, expect, test } from "vitest";
import { parseMarkdown, toPlainText, type Block } from "../src/index.ts";

const many = 100_000;
const times = (text: string): string => text.repeat(Math.ceil(many / text.length));

/** Texts that bring parsers to their knees: work that grew with the square of their length would not end within a test's time. */
const hostile: Readonly<Record<string, string>> = {
  "unpaired surrogates": times("\uD800 \uDC00"),
  "a line without a space": times("a"),
  "nested quotes": `${">".repeat(5000)} a`,
  "nested quotes with spaces": `${"> ".repeat(5000)}a`,
  "nested lists": `${"- ".repeat(5000)}a`,
  "nested lists and quotes": `${"1. > - ".repeat(2000)}a`,
  "lists nested line by line": Array.from({ length: 400 }, (_, index) => `${"  ".repeat(index)}- a`).join("\n"),
  "a table of 500 columns": `${times("|a").slice(0, 1000)}|\n${"|-".repeat(500)}|\n${`${"|b".repeat(500)}|\n`.repeat(20)}`,
  "a table of 10000 columns": `${"|a".repeat(10_000)}|\n${"|-".repeat(10_000)}|\n${"|b".repeat(10_000)}|`,
  "letters with hundreds of marks": times("a\u0300\u0301\u0316\u0489"),
  "bidirectional controls": times("\u202Ea\u2066b\u2069"),
  "NUL characters": times("\u0000a"),
  "a fence that nobody closes": `\`\`\`\n${times("x\n")}`,
  "unclosed stars": times("*a "),
  "unclosed double stars": times("**a"),
  "unclosed underscores": times("_a"),
  "unclosed brackets": times("["),
  "unclosed links": times("[a]("),
  "unclosed images": times("!["),
  "unclosed backticks": times("`a"),
  "backticks of every length": Array.from({ length: 440 }, (_, index) => "`".repeat(index)).join(" "),
  "unclosed spoilers": times("||a"),
  "unclosed formulas": times("$a"),
  "unclosed formulas on lines": times("\\[a\n"),
  "unclosed formulas in blocks": times("$$\na\n\n"),
  "unclosed tags": times("<a "),
  "unclosed comments": times("<!--"),
  "empty lines": times("\n"),
  spaces: `${times(" ")}a`,
  tabs: `${times("\t")}a`,
  backslashes: times("\\"),
  ampersands: times("&"),
  "definitions of addresses": times("[a]: b\n"),
  "many short paragraphs": times("a\n\n"),
  "many headings": times("a\n# b\n"),
};

function depth(blocks: readonly Block[]): number {
  return blocks.reduce((most, block) => {
    if (block.type === "quote") return Math.max(most, 1 + depth(block.blocks));
    if (block.type === "list") return Math.max(most, 1 + depth(block.list.items.flatMap((item) => item.blocks)));
    return Math.max(most, 1);
  }, 0);
}

describe("Bad text is read to its end, in bounded depth:", () => {
  test.each(Object.entries(hostile))("%s", (_name, source) => {
    const blocks = parseMarkdown(source);
    expect(depth(blocks)).toBeLessThanOrEqual(20);
    const letters = (text: string): string => (text.match(/[abx]/gu) ?? []).join("");
    // Of a wide table each row names the columns again.
    if (source.includes("|a|a")) expect(letters(toPlainText(blocks)).length).toBeGreaterThanOrEqual(letters(source).length);
    else if (!source.startsWith("[a]: b")) expect(letters(toPlainText(blocks))).toBe(letters(source));
  });

  test("white space alone is no block", () => {
    for (const source of ["", " ", "\n\n", " \t\n "]) expect(parseMarkdown(source)).toEqual([]);
  });
});
