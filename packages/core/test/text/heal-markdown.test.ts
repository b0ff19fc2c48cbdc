import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { healMarkdown } from "../../src/index.ts";
import { growMarkdown } from "../../src/text/heal-markdown.ts";
import { fenceAfter } from "../../src/text/lines.ts";
import { markdown } from "./markdown-arbitrary.ts";

describe("Half-written Markdown", () => {
  test.each([
    ["plain text", "plain text"],
    ["some **bold", "some **bold**"],
    ["some **bold*", "some **bold**"],
    ["some **", "some"],
    ["some **bold** and *it", "some **bold** and *it*"],
    ["**bold and *both", "**bold and *both***"],
    ["a `code", "a `code`"],
    ["a `code` and `", "a `code` and"],
    ["a ``code with ` in", "a ``code with ` in``"],
    ["~~gone", "~~gone~~"],
    ["2 * 3 and snake_case_name", "2 * 3 and snake_case_name"],
    ["- item\n* item", "- item\n* item"],
    ["some **bold ", "some **bold**"],
    ["a ```code ``", "a ```code```"],
    ["a ```code\n      `` ", "a ```code```"],
    ["an escaped \\*star", "an escaped \\*star"],
    ["see [the page](https://exam", "see"],
    ["see [the page](https://example.test) and", "see [the page](https://example.test) and"],
    ["an array[0] and [note", "an array[0] and [note"],
    ["**first** paragraph\n\nthe **second", "**first** paragraph\n\nthe **second**"],
    ["an *unclosed\n\nparagraph", "an *unclosed\n\nparagraph"],
    ["```ts\nconst a", "```ts\nconst a\n```"],
    ["```ts\nconst a = **b", "```ts\nconst a = **b\n```"],
    ["text\n``", "text"],
    ["text\n```t", "text"],
    ["```ts\na\n``", "```ts\na\n```"],
    ["text \ud83d", "text"],
    ["", ""],
  ])("%j is shown as %j", (source, text) => {
    expect(healMarkdown(source).text).toBe(text);
  });

  test("goes on in a fence of the message before", () => {
    expect(healMarkdown("const a", "```ts").text).toBe("```ts\nconst a\n```");
    expect(healMarkdown("```\nafter **b", "```ts").text).toBe("after **b**");
  });

  test("has its fences closed, and says how much of the source it shows", () => {
    fc.assert(
      fc.property(markdown, fc.nat(), (source, seed) => {
        const half = source.slice(0, seed % (source.length + 1));
        const { text, covered } = healMarkdown(half);
        expect(fenceAfter(text, null)).toBeNull();
        expect(covered).toBeLessThanOrEqual(half.length);
        const shown = half.slice(0, covered).trim();
        expect(text.replace(/\s/gu, "").startsWith(shown.replace(/\s/gu, ""))).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("Half-written Markdown that may only grow", () => {
  test("never takes back what it showed", () => {
    fc.assert(
      fc.property(markdown, fc.constantFrom("", "```ts", "      ~~~"), fc.integer({ min: 1, max: 7 }), (source, fence, step) => {
        let before = "";
        for (let end = 0; end <= source.length; end += step) {
          const { text } = growMarkdown(source.slice(0, end), fence);
          expect(text.startsWith(before)).toBe(true);
          before = text;
        }
      }),
      { numRuns: 500 },
    );
  });
});
