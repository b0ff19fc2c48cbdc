import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { healMarkdown, splitMarkdown, utf16Length, utf8Length, type MarkdownPart } from "../../src/index.ts";
import { openedFence } from "../../src/text/fence.ts";
import { fenceAfter, scanLines } from "../../src/text/lines.ts";
import { parseOpening } from "../../src/text/opening.ts";
import { answers } from "./answers.ts";

const measures = { utf16Length, utf8Length };

function parts(source: string, maxLength: number, measure: (text: string) => number = utf16Length): readonly MarkdownPart[] {
  return splitMarkdown(source, { maxLength, measure });
}

function texts(source: string, maxLength: number): readonly string[] {
  return parts(source, maxLength).map((part) => part.text);
}

/** What a text shows, without white space, lines of fences and markers of quotes. */
function said(text: string): string {
  return text
    .split("\n")
    .filter((line) => openedFence(line) === null)
    .map((line) => line.replace(/^[\s>]+/u, ""))
    .join("")
    .replace(/\s/gu, "");
}

/** What a part says of the source: its text without the head of a table that was repeated. */
function saidOf(part: MarkdownPart): string {
  const opening = parseOpening(part.fence);
  return said(opening?.kind === "table" ? part.text.replace(opening.head, "") : part.text);
}

/** Rows that stand in a message where no head of theirs does, but for the rest of one that was cut. */
function headlessRows({ text, fence }: MarkdownPart): readonly string[] {
  return scanLines(text, null)
    .filter((line) => line.kind === "text" && (line.start > 0 || !fence.endsWith("\n")))
    .map((line) => text.slice(line.start, line.end))
    .filter((line) => /^\|.*\|$/u.test(line));
}

describe("Answers as models write them", () => {
  test.each(Object.entries(answers))("%s: every part fits, reads alone, and nothing is lost", (_name, answer) => {
    for (const measure of Object.values(measures)) {
      for (const maxLength of [150, 220, 300, 500, 1000]) {
        const cut = parts(answer, maxLength, measure);
        expect(cut.map(saidOf).join("")).toBe(said(answer));
        // A longer head of a table is not repeated.
        const repeats = scanLines(answer, null).every(({ table }) => table === null || measure(table) * 2 <= maxLength);
        for (const part of cut) {
          expect(measure(part.text)).toBeLessThanOrEqual(maxLength);
          expect(fenceAfter(part.text, null)).toBeNull();
          if (repeats) expect(headlessRows(part)).toEqual([]);
        }
      }
    }
  });
});

const cell = fc.string({ unit: fc.constantFrom("a", "b", " ", "é", "漢", "😀", "*", "`", "ש", "."), maxLength: 14 });
const table = fc
  .record({
    columns: fc.integer({ min: 1, max: 4 }),
    rows: fc.array(fc.array(cell, { minLength: 4, maxLength: 4 }), { minLength: 1, maxLength: 12 }),
  })
  .map(({ columns, rows }) => {
    const line = (cells: readonly string[]): string => `| ${cells.slice(0, columns).join(" | ")} |`;
    return [line(["h1", "h2", "h3", "h4"]), line(["---", ":-:", "--:", "---"]), ...rows.map(line)].join("\n");
  });

describe("A table that does not fit", () => {
  test("is cut between rows, and begins anew with its head", () => {
    const rows = Array.from({ length: 5 }, (_, index) => `| row ${index} | value ${index} |`);
    const head = "| a | b |\n|---|:-:|";
    expect(texts(`${head}\n${rows.join("\n")}\n\nAfter it.`, 75)).toEqual([
      `${head}\n${rows.slice(0, 2).join("\n")}`,
      `${head}\n${rows.slice(2, 4).join("\n")}`,
      `${head}\n${rows.slice(4).join("\n")}\n\nAfter it.`,
    ]);
  });

  test("is cut within a row that alone is too long, and goes on with its head below the rest of it", () => {
    const head = "| a |\n|---|";
    expect(texts(`${head}\n| ${"word ".repeat(12)}|\n| next |`, 60)).toEqual([
      `${head}\n| word word word word word word word word word`,
      `word word word |\n\n${head}\n| next |`,
    ]);
  });

  test("is not repeated where its head would fill half of every message", () => {
    const long = `| ${"head ".repeat(20)}|\n|---|\n${"| row |\n".repeat(20)}`;
    for (const text of texts(long, 100)) expect(text.length).toBeLessThanOrEqual(100);
  });

  test("is never cut below its head, nor above it while that is still being written", () => {
    expect(texts("Some text before it all.\nName | Use\n--- | ---\na | b", 36)).toEqual([
      "Some text before it all.",
      "Name | Use\n--- | ---\na | b",
    ]);
    expect(texts("Some text before it all.\n| Name | Use |\n|--", 36)).toEqual([
      "Some text before it all.",
      "| Name | Use |\n|--",
    ]);
  });

  test("keeps every row under a head, whatever stands in it", () => {
    fc.assert(
      fc.property(
        table,
        fc.constantFrom("", "Text.\n\n", "- item\n\n"),
        fc.integer({ min: 100, max: 300 }),
        (rows, before, maxLength) => {
          const source = `${before}${rows}\n\nEnd.`;
          const cut = parts(source, maxLength);
          expect(cut.map(saidOf).join("")).toBe(said(source));
          for (const part of cut) {
            expect(part.text.length).toBeLessThanOrEqual(maxLength);
            expect(headlessRows(part)).toEqual([]);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test("is split again like the first time from any part on", () => {
    fc.assert(
      fc.property(table, fc.integer({ min: 100, max: 200 }), (source, maxLength) => {
        for (const part of parts(source, maxLength)) {
          const again = splitMarkdown(source.slice(part.start), { maxLength, measure: utf16Length, fence: part.fence });
          expect(again[0]?.text).toBe(part.text);
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe("A list or a quote that does not fit", () => {
  test("is cut between items rather than within one", () => {
    const item = (name: string): string => `- Item ${name} with a first line\n  and a second line.`;
    expect(texts([item("one"), item("two"), item("three")].join("\n"), 75)).toEqual([item("one"), item("two"), item("three")]);
  });

  test("moves nested items to the margin, where they would be code otherwise", () => {
    const source = "- a long first item\n  - a nested one\n    - deeper one\n    - deeper two\n  - back again\n- b";
    expect(texts(source, 55)).toEqual([
      "- a long first item\n  - a nested one\n    - deeper one",
      "- deeper two\n- back again\n- b",
    ]);
  });

  test("goes on as a quote where a line of it is cut", () => {
    expect(texts("> one two three four five six\n> seven", 20)).toEqual(["> one two three four", "> five six\n> seven"]);
  });
});

describe("What a part goes on with", () => {
  test("is text that is read again, and what was stored before is a fence", () => {
    expect(parseOpening("  ```ts")).toEqual({ kind: "fence", fence: { indent: 2, marker: "```", info: "ts" } });
    expect(parseOpening("")).toBeNull();
    expect(parseOpening("nothing known")).toBeNull();
  });

  test("is shown while more of it is being written", () => {
    const head = "| a |\n|---|";
    expect(healMarkdown("| on", head).text).toBe(`${head}\n| on`);
    expect(healMarkdown("est |\n| on", `${head}\n`).text).toBe(`est |\n\n${head}\n| on`);
    expect(healMarkdown("", head).text).toBe("");
    expect(healMarkdown("rest", "> ").text).toBe("> rest");
    expect(healMarkdown("\nAfter", head).text).toBe("After");
  });
});
