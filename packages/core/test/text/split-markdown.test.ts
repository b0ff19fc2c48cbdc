import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { splitMarkdown, utf16Length, utf8Length, type MarkdownPart } from "../../src/index.ts";
import { fenceAfter } from "../../src/text/lines.ts";
import { closesFence, openedFence, reopeningLine } from "../../src/text/fence.ts";
import { markdown } from "./markdown-arbitrary.ts";

/** As MarkdownV2: every mark of punctuation is escaped. */
const escaped = (text: string): number => text.replace(/[_*[\]()~`>#+\-=|{}.!]/gu, "\\$&").length;
const measures = { utf16Length, utf8Length, escaped };
const measure = fc.constantFrom<keyof typeof measures>("utf16Length", "utf8Length", "escaped");
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function split(source: string, maxLength: number | null, measure: (text: string) => number = utf16Length, fence = ""): readonly MarkdownPart[] {
  return splitMarkdown(source, { maxLength, measure, ...(fence === "" ? {} : { fence }) });
}

function texts(source: string, maxLength: number | null): readonly string[] {
  return split(source, maxLength).map((part) => part.text);
}

/** What is left once white space and lines that only open or close a fence are gone. */
function characters(text: string): string {
  return text
    .split("\n")
    .filter((line) => openedFence(line) === null && !/^\s*(?:`{3,}|~{3,})\s*$/u.test(line))
    .join("\n")
    .replace(/\s/gu, "");
}

describe("What splitting always holds", () => {
  test("every part fits, by any measure, unless it is a single code point", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 1, max: 300 }), measure, (source, maxLength, name) => {
        for (const { text } of split(source, maxLength, measures[name])) {
          if ([...text].length > 1) expect(measures[name](text)).toBeLessThanOrEqual(maxLength);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("the parts cover the source without a gap", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 1, max: 300 }), measure, (source, maxLength, name) => {
        const parts = split(source, maxLength, measures[name]);
        if (/\S/u.test(source)) expect(parts.map((part) => source.slice(part.start, part.end)).join("")).toBe(source);
        else expect(parts).toEqual([]);
        for (const part of parts) expect(part.text).toMatch(/\S/u);
      }),
      { numRuns: 400 },
    );
  });

  test("only white space at a cut is not shown, and only fence lines are added", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 60, max: 400 }), measure, (source, maxLength, name) => {
        const parts = split(source, maxLength, measures[name]);
        for (const part of parts) {
          const slice = source.slice(part.start, part.end);
          const added = addedLines(part, slice);
          let bare = part.text;
          if (added.first !== "") {
            expect(bare.startsWith(`${added.first}\n`)).toBe(true);
            bare = bare.slice(added.first.length + 1);
          }
          if (added.last) bare = bare.slice(0, bare.lastIndexOf("\n"));
          if (movedToMargin(part)) expect(bare.replace(/\s/gu, "")).toBe(slice.replace(/\s/gu, ""));
          else expect(bare.trim()).toBe(slice.trim());
        }
      }),
      { numRuns: 400 },
    );
  });

  test("each part opens and closes its own fences", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 60, max: 400 }), measure, (source, maxLength, name) => {
        for (const { text } of split(source, maxLength, measures[name])) expect(fenceAfter(text, null)).toBeNull();
      }),
      { numRuns: 400 },
    );
  });

  test("no cut tears what a reader sees as one character, unless that alone is longer than the limit", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 1, max: 120 }), measure, (source, maxLength, name) => {
        const parts = split(source, maxLength, measures[name]);
        const starts = new Set<number>();
        let longest = 0;
        for (const { index, segment } of graphemes.segment(source)) {
          starts.add(index);
          longest = Math.max(longest, measures[name](segment));
        }
        for (const { start } of parts) {
          expect(source.slice(start - 1, start + 1)).not.toMatch(/^[\ud800-\udbff][\udc00-\udfff]$/u);
          if (longest <= maxLength) expect(starts.has(start)).toBe(true);
        }
      }),
      { numRuns: 400 },
    );
  });

  test("limits of one to ten still end, and lose nothing", () => {
    fc.assert(
      fc.property(fc.oneof(markdown, fc.string({ unit: "binary", maxLength: 60 })), fc.integer({ min: 1, max: 10 }), measure, (source, maxLength, name) => {
        const parts = split(source, maxLength, measures[name]);
        expect(parts.map((part) => source.slice(part.start, part.end)).join("").trim()).toBe(source.trim());
        for (const part of parts) expect(part.end).toBeGreaterThan(part.start);
      }),
      { numRuns: 300 },
    );
  });

  test("a text that starts inside a fence is split like one that opens it", () => {
    fc.assert(
      fc.property(markdown, fc.constantFrom("```ts", "  ~~~", "      ```py"), fc.integer({ min: 60, max: 200 }), (source, fence, maxLength) => {
        const parts = split(source, maxLength, utf16Length, fence);
        for (const { text } of parts) {
          expect(text.length).toBeLessThanOrEqual(maxLength);
          expect(fenceAfter(text, null)).toBeNull();
        }
        expect(characters(parts.map((part) => part.text).join("\n"))).toBe(characters(source));
      }),
      { numRuns: 300 },
    );
  });

  test("the first part covers at least what it is told to", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 60, max: 200 }), fc.nat(), (source, maxLength, seed) => {
        const whole = split(source, maxLength)[0];
        const atLeast = seed % ((whole?.end ?? 0) + 1);
        const first = splitMarkdown(source, { maxLength, measure: utf16Length, atLeast })[0];
        expect(first?.end ?? 0).toBeGreaterThanOrEqual(atLeast);
      }),
      { numRuns: 200 },
    );
  });
});

function addedLines(part: MarkdownPart, slice: string): { readonly first: string; readonly last: boolean } {
  const carried = part.fence === "" ? null : openedFence(part.fence);
  const closesAtOnce = carried !== null && closesFence(slice.split("\n")[0] ?? "", carried);
  return { first: carried === null || closesAtOnce ? "" : reopeningLine(carried), last: fenceAfter(slice, carried) !== null };
}

function movedToMargin(part: MarkdownPart): boolean {
  return /^ {4}/u.test(part.fence);
}

describe("Where a text is cut", () => {
  test("a text that fits is one part, as it is", () => {
    expect(texts("Hello **world**\n\n- a\n- b", 100)).toEqual(["Hello **world**\n\n- a\n- b"]);
  });

  test("no limit means one part, and nothing is measured", () => {
    const never = (): number => {
      throw new Error("measured");
    };
    expect(splitMarkdown("a".repeat(100_000), { maxLength: null, measure: never })).toHaveLength(1);
  });

  test("white space alone gives no part", () => {
    expect(texts(" \n\t\n", 10)).toEqual([]);
    expect(texts("", 10)).toEqual([]);
  });

  test("behind a block where one ends in time", () => {
    expect(texts("First paragraph here.\n\nSecond paragraph, longer.\n\nThird.", 45)).toEqual([
      "First paragraph here.",
      "Second paragraph, longer.\n\nThird.",
    ]);
  });

  test("behind a line where no block ends in time", () => {
    expect(texts("one one one\ntwo two two\nthree three", 26)).toEqual(["one one one\ntwo two two", "three three"]);
  });

  test("behind a sentence where no line ends in time", () => {
    expect(texts("A first sentence. A second one. And a third that is long", 40)).toEqual([
      "A first sentence. A second one.",
      "And a third that is long",
    ]);
  });

  test("behind a Chinese sentence, which no space follows", () => {
    expect(texts("今天天气很好。我们去公园吧。然后回家", 16)).toEqual(["今天天气很好。我们去公园吧。", "然后回家"]);
  });

  test("at a space where no sentence ends in time", () => {
    expect(texts("several words without any stop at all", 20)).toEqual(["several words", "without any stop at", "all"]);
  });

  test("between two characters where there is nothing else", () => {
    expect(texts("a".repeat(25), 10)).toEqual(["a".repeat(10), "a".repeat(10), "a".repeat(5)]);
    expect(texts("👩‍👩‍👧‍👦".repeat(3), 25)).toEqual(["👩‍👩‍👧‍👦".repeat(2), "👩‍👩‍👧‍👦"]);
  });

  test("not inside inline code, a link or bold text if that can be helped", () => {
    expect(texts("Please run `npm install --save-dev thing` now", 30)).toEqual(["Please run", "`npm install --save-dev thing`", "now"]);
    expect(texts("See the page [with a long name](https://example.test) there", 45)[0]).toBe("See the page");
  });

  test("not right behind a heading", () => {
    expect(texts("Some introduction text.\n\n## Heading\n\nThe text below the heading.", 45)).toEqual([
      "Some introduction text.",
      "## Heading\n\nThe text below the heading.",
    ]);
  });

  test("before a table, a list or code that fits into a part of its own", () => {
    const table = "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |";
    const code = "```ts\nconst a = 1\nconst b = 2\n```";
    expect(texts(`So:\n\n${table}\n\nEnd`, 41)).toEqual([`So:`, table, "End"].length === 3 ? ["So:", table, "End"] : []);
    expect(texts(`So:\n\n${code}\n\nEnd`, 36)).toEqual(["So:", code, "End"]);
  });

  test("code that has to be cut is closed, and opened again with its language", () => {
    expect(texts("```ts\nconst a = 1\nconst b = 2\nconst c = 3\n```", 35)).toEqual([
      "```ts\nconst a = 1\nconst b = 2\n```",
      "```ts\nconst c = 3\n```",
    ]);
  });

  test("code in a nested list moves to the margin when it is opened again", () => {
    const source = "- a\n  - b\n    ```ts\n    one()\n      two()\n    ```\n    after";
    expect(texts(source, 36)).toEqual(["- a\n  - b\n    ```ts\n    one()\n    ```", "```ts\n  two()\n```\n    after"]);
  });

  test("a fence that nobody closed is closed", () => {
    expect(texts("```ts\nconst a = 1", 100)).toEqual(["```ts\nconst a = 1\n```"]);
  });

  test("a source that begins by closing its fence does not open an empty one", () => {
    expect(split("```\nafter", 100, utf16Length, "```ts").map((part) => part.text)).toEqual(["after"]);
    expect(split("```", 100, utf16Length, "```ts")).toEqual([]);
  });

  test("where fence lines have no room, code is cut without them", () => {
    expect(texts("```ts\nab\n```", 4).join("").replaceAll("\n", "")).toBe("```tsab```");
  });
});

describe("What splitting costs", () => {
  const cases = { paragraphs: "Some words in a paragraph.\n\n", lines: "one line of a long block\n", "one line": "word " };

  test.each(Object.entries(cases))("a long text made of %s takes a few measurements per part", (_name, piece) => {
    let calls = 0;
    let measured = 0;
    const counting = (text: string): number => {
      calls += 1;
      measured += text.length;
      return text.length;
    };
    const source = piece.repeat(Math.ceil(400_000 / piece.length));
    const parts = splitMarkdown(source, { maxLength: 4096, measure: counting });
    expect(calls / parts.length).toBeLessThan(20);
    expect(measured / source.length).toBeLessThan(20);
  });

  test("a measure that does not see markup still takes few questions", () => {
    let calls = 0;
    const plain = (text: string): number => {
      calls += 1;
      return text.replace(/\]\([^)]*\)/gu, "]").length;
    };
    const parts = splitMarkdown("[word](https://example.test/a/long/address) and ".repeat(4000), { maxLength: 1000, measure: plain });
    expect(calls / parts.length).toBeLessThan(30);
  });
});
