import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePointLength, splitMarkdown, utf16Length, utf8Length, type MarkdownPart } from "../../src/index.ts";
import { fenceAfter } from "../../src/text/lines.ts";
import { closesFence, openedFence, reopeningLine, type Fence } from "../../src/text/fence.ts";
import { fenceOf, parseOpening } from "../../src/text/opening.ts";
import { markdown } from "./markdown-arbitrary.ts";

/** As MarkdownV2: every mark of punctuation is escaped. */
const escaped = (text: string): number => text.replace(/[_*[\]()~`>#+\-=|{}.!]/gu, "\\$&").length;
const measures = { utf16Length, utf8Length, escaped };
const measure = fc.constantFrom<keyof typeof measures>("utf16Length", "utf8Length", "escaped");
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

function split(
  source: string,
  maxLength: number | null,
  measure: (text: string) => number = utf16Length,
  fence = "",
): readonly MarkdownPart[] {
  return splitMarkdown(source, { maxLength, measure, ...(fence === "" ? {} : { fence }) });
}

function texts(source: string, maxLength: number | null): readonly string[] {
  return split(source, maxLength).map((part) => part.text);
}

describe("What splitting always holds", () => {
  test("every part fits, by any measure, unless it is a single code point", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 1, max: 300 }), measure, (source, maxLength, name) => {
        for (const { text } of split(source, maxLength, measures[name])) {
          if (codePointLength(text) > 1) expect(measures[name](text)).toBeLessThanOrEqual(maxLength);
        }
      }),
      { numRuns: 500 },
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
      { numRuns: 500 },
    );
  });

  test("only white space at a cut is not shown, and only fence lines are added", () => {
    fc.assert(
      fc.property(
        markdown,
        fc.integer({ min: 60, max: 400 }),
        measure,
        fc.constantFrom("", "```ts", "  ~~~", "      ```py"),
        (source, maxLength, name, fence) => {
          fc.pre(hasRoomForFences(source, maxLength, measures[name]));
          for (const part of split(source, maxLength, measures[name], fence)) {
            const slice = source.slice(part.start, part.end);
            const opening = parseOpening(part.fence);
            if (opening !== null && opening.kind !== "fence") {
              // What is cut may look like the head itself: then nothing shows which of the two was repeated.
              const shown = opening.kind === "table" ? [part.text, part.text.replace(opening.head, "")] : [part.text];
              expect(shown.map(marksAside)).toContain(marksAside(slice));
              continue;
            }
            const fence = fenceOf(opening);
            const goesOn = fence !== null && !closesFence(slice.split("\n")[0] ?? "", fence);
            if (goesOn) expect(part.text.startsWith(`${reopeningLine(fence)}\n`)).toBe(true);
            const shown = goesOn ? part.text.slice(part.text.indexOf("\n") + 1) : part.text;
            // Code that was indented deeply moves to the margin: there only white space may differ, but anywhere.
            const comparable = (text: string): string => (fence !== null && fence.indent > 3 ? text.replace(/\s/gu, "") : text);
            expect(comparable(inner(shown, goesOn ? openedFence(reopeningLine(fence)) : null))).toBe(
              comparable(inner(slice, fence)),
            );
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("each part opens and closes its own fences", () => {
    fc.assert(
      fc.property(markdown, fc.integer({ min: 60, max: 400 }), measure, (source, maxLength, name) => {
        fc.pre(hasRoomForFences(source, maxLength, measures[name]));
        for (const { text } of split(source, maxLength, measures[name])) expect(fenceAfter(text, null)).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  test("a fence right below a table is none of its rows", () => {
    const source = "| a | b |\n|---|---|\n| alpha | alpha |\n  ```python title=a\n\n";
    expect(split(source, 62, escaped).map(({ text }) => text)).toEqual([
      "| a | b |\n|---|---|\n| alpha | alpha |",
      "  ```python title=a\n\n  ```",
    ]);
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
      { numRuns: 500 },
    );
  });

  test("limits of one to ten still end, and lose nothing", () => {
    fc.assert(
      fc.property(
        fc.oneof(markdown, fc.string({ unit: "binary", maxLength: 60 })),
        fc.integer({ min: 1, max: 10 }),
        measure,
        (source, maxLength, name) => {
          const parts = split(source, maxLength, measures[name]);
          expect(
            parts
              .map((part) => source.slice(part.start, part.end))
              .join("")
              .trim(),
          ).toBe(source.trim());
          for (const part of parts) expect(part.end).toBeGreaterThan(part.start);
        },
      ),
      { numRuns: 500 },
    );
  });

  test("a text that starts inside a fence is split like one that opens it", () => {
    fc.assert(
      fc.property(
        markdown,
        fc.constantFrom("```ts", "  ~~~", "      ```py"),
        fc.integer({ min: 60, max: 200 }),
        (source, fence, maxLength) => {
          fc.pre(hasRoomForFences(source, maxLength, utf16Length));
          const parts = split(source, maxLength, utf16Length, fence);
          for (const { text } of parts) {
            expect(text.length).toBeLessThanOrEqual(maxLength);
            expect(fenceAfter(text, null)).toBeNull();
          }
        },
      ),
      { numRuns: 500 },
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

/** A line that opens a fence takes up so much of a part that nothing fits beside it: then fences are left as they are. */
function hasRoomForFences(source: string, maxLength: number, measure: (text: string) => number): boolean {
  return source.split("\n").every((line) => openedFence(line) === null || measure(line) <= maxLength / 2);
}

/**
 * What a slice holds besides a line that ends a fence, at its start or its end: a part closes its fence itself, and then need not
 * show that the source closes it.
 */
function inner(slice: string, fence: Fence | null): string {
  const lines = slice.trimEnd().split("\n");
  const closesFirst = fence !== null && closesFence(lines[0] ?? "", fence);
  const kept = closesFirst ? lines.slice(1) : lines;
  const open = fenceAfter(kept.slice(0, -1).join("\n"), closesFirst ? null : fence);
  const closesLast = open !== null && closesFence(kept.at(-1) ?? "", open);
  return (closesLast ? kept.slice(0, -1) : kept).join("\n").trim();
}

/** A text without lines of fences, white space and markers of quotes. */
function marksAside(text: string): string {
  return text
    .split("\n")
    .filter((line) => openedFence(line) === null)
    .join("")
    .replace(/[\s>]/gu, "");
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
    expect(texts("Please run `npm install --save-dev thing` now", 30)).toEqual([
      "Please run",
      "`npm install --save-dev thing`",
      "now",
    ]);
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
    expect(texts(`So:\n\n${table}\n\nEnd`, 41)).toEqual(["So:", table, "End"]);
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
    expect(texts(source, 38)).toEqual(["- a\n  - b\n    ```ts\n    one()\n    ```", "```ts\n  two()\n```\n    after"]);
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
    const parts = splitMarkdown("[word](https://example.test/a/long/address) and ".repeat(4000), {
      maxLength: 1000,
      measure: plain,
    });
    expect(calls / parts.length).toBeLessThan(30);
  });
});
