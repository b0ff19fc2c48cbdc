import { describe, expect, test } from "vitest";
import { encode, encodeText, isBlank, measure } from "../src/encode.ts";
import { formatText, readRichMessage } from "./server.ts";

/** Bad text up to `length` characters. */
const hostile: Readonly<Record<string, (length: number) => string>> = {
  "unpaired surrogates": (length) => "\uD800 \uDC00a".repeat(length / 4),
  "a line without a space": (length) => "a".repeat(length),
  "nested quotes": (length) => `${">".repeat(length - 2)} a`,
  "nested lists": (length) => `${"- ".repeat(length / 2 - 1)}a`,
  "lists nested line by line": (length) =>
    Array.from({ length: Math.sqrt(length) - 1 }, (_, index) => `${"  ".repeat(index)}- a`).join("\n"),
  "quotes and lists within each other": (length) => `${"> - ".repeat(length / 4 - 1)}**a ||b||**`,
  "a table of 500 columns": () => `${"|a".repeat(500)}|\n${"|-".repeat(500)}|\n${"|b".repeat(500)}|`,
  "letters with hundreds of marks": (length) => `# a\n${"a\u0300\u0301\u0316\u0489".repeat(length / 5 - 1)}`,
  "bidirectional controls": (length) => `# a\n${"\u202Ea\u2066b\u2069".repeat(length / 5 - 1)}`,
  "NUL characters": (length) => "\u0000a".repeat(length / 2),
  "a fence that nobody closes": (length) => `# a\n\`\`\`\n${"x < &\n".repeat(length / 6 - 2)}`,
  "unclosed marks": (length) => "**a _b [c](~~d ||e `f $g".repeat(length / 24),
  "styles within styles": (length) => `# ${"**a *b ~~c ".repeat(length / 24)}${"~~ * ** ".repeat(length / 24)}`,
  "tags and references": (length) => `# a\n${"</p><b>&lt;".repeat(length / 11 - 1)}`,
  spaces: (length) => `a\n\n${" ".repeat(length - 4)}a`,
  "rules alone": (length) => "---\n".repeat(length / 64),
};

describe("Bad text is taken by the server as it was measured:", () => {
  test.each(Object.entries(hostile))("%s", (_name, textOf) => {
    for (const length of [200, 4000, 20_000]) {
      const source = textOf(length);
      const shown = encode(source, { rich: true });
      const measured = measure(source);
      if (shown.form === "text") {
        if (measured <= 4096) expect(measured).toBe(shown.text.length);
        if (shown.text.length <= 4096 && !isBlank(shown.text))
          expect(formatText(shown.text, undefined, shown.entities).repairs).toEqual([]);
      } else if (measured <= 32_768) {
        expect(readRichMessage({ html: shown.html }).length).toBeLessThanOrEqual(measured);
      }
      const letters = (text: string): string => (text.normalize("NFD").match(/[a-gx]/gu) ?? []).join("");
      const fallback = encodeText(source).text;
      expect(letters(fallback).length).toBeGreaterThanOrEqual(letters(source).length);
    }
  });

  test("100,000 characters are encoded as well", () => {
    for (const textOf of Object.values(hostile)) expect(measure(textOf(100_000))).toBeGreaterThan(0);
  });

  test("white space alone is a text that is not sent", () => {
    for (const source of ["", " ", "\n \t\n", "\u200B", "# ", "> "]) {
      const shown = encode(source, { rich: true });
      expect(shown.form).toBe("text");
    }
  });
});
