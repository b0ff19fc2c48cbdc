import { describe, expect, test } from "vitest";
import { splitMarkdown, utf16Length } from "../../src/index.ts";
import { escaped } from "../measures.ts";
import { split } from "./split.ts";

function texts(source: string, maxLength: number | null): readonly string[] {
  return split(source, maxLength).map((part) => part.text);
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

  test("a fence right below a table is none of its rows", () => {
    const source = "| a | b |\n|---|---|\n| alpha | alpha |\n  ```python title=a\n\n";
    expect(split(source, 62, escaped).map(({ text }) => text)).toEqual([
      "| a | b |\n|---|---|\n| alpha | alpha |",
      "  ```python title=a\n\n  ```",
    ]);
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
