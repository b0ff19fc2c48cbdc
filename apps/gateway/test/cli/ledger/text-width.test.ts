import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cutText, oneLine, padText, textWidth, wrapText } from "../../../src/cli/ledger/text-width.ts";

const texts = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom("你", "a", " ", "👍", "é", "\u0301", "\n", "\u001B[31m", "\t") }),
);

describe("The width of a text", () => {
  it.each([
    ["abc", 3],
    ["你好", 4],
    ["ｶﾀｶﾅ", 4],
    ["한국어", 6],
    ["e\u0301", 1],
    ["👍", 2],
    ["👨‍👩‍👧", 2],
    ["❤️", 2],
    ["", 0],
  ])("of %s is %i columns", (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe("A text that is cut", () => {
  it("fits, and is whole where it fitted before", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 40 }), (text, columns) => {
        const cut = cutText(text, columns);
        expect(textWidth(cut)).toBeLessThanOrEqual(columns);
        if (cut !== text) expect(cut.endsWith("…")).toBe(true);
      }),
    );
  });

  it("does not grow without end by marks that have no width", () => {
    expect(cutText(`a${"\u0301".repeat(10_000)}`, 10).length).toBeLessThan(100);
  });
});

describe("Others' text on one line", () => {
  it("holds nothing that steers a terminal or breaks the line", () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029\u202E]/u);
      }),
    );
    expect(oneLine("a\u001B]0;title\u0007b\r\n\tc\u202E")).toBe("ab c");
  });
});

it("A text is padded by its width, not by its length", () => {
  expect(padText("你好", 6)).toBe("你好  ");
});

describe("Wrapped text", () => {
  it("has no line that is too wide, loses no word and counts what it leaves out", () => {
    fc.assert(
      fc.property(texts, fc.integer({ min: 4, max: 40 }), (text, columns) => {
        const { lines, more } = wrapText(text, columns, 1000);
        for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(columns);
        expect(more).toBe(0);
        const shown = lines.join("").replaceAll(/\s/gu, "");
        expect(shown).toBe(oneLine(text).replaceAll(/\s/gu, ""));
      }),
    );
    expect(wrapText("one two three", 8, 1)).toEqual({ lines: ["one two"], more: 1 });
  });
});
