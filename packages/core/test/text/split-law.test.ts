import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePointLength, splitMarkdown, utf16Length } from "../../src/index.ts";
import { fenceAfter } from "../../src/text/lines.ts";
import { closesFence, openedFence, reopeningLine, type Fence } from "../../src/text/fence.ts";
import { fenceOf, parseOpening } from "../../src/text/opening.ts";
import { markdown } from "./markdown-arbitrary.ts";
import { measures } from "../measures.ts";
import { split } from "./split.ts";

const measure = fc.constantFrom<keyof typeof measures>("utf16Length", "utf8Length", "escaped");
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

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
