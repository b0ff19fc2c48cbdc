import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { codePointLength, utf16Length, utf8Length } from "../../src/index.ts";
import { codePointCut, graphemeCut } from "../../src/text/grapheme.ts";
import { lastFitting } from "../../src/text/last-fitting.ts";

describe("Lengths", () => {
  test("agree with the platform's own count, for any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(utf16Length(text)).toBe(text.length);
        expect(codePointLength(text)).toBe(Array.from(text).length);
        expect(utf8Length(text)).toBe(new TextEncoder().encode(text).length);
      }),
    );
  });

  test("count half a surrogate pair as the character that is sent in its place", () => {
    expect(utf8Length("\ud83d")).toBe(3);
    expect(utf8Length("\ude00a")).toBe(4);
    expect(codePointLength("\ud83d\ud83d\ude00")).toBe(2);
  });
});

describe("A cut between characters", () => {
  test("is where the segmenter sees one, as late as it may be", () => {
    const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", minLength: 1, maxLength: 12 }), fc.nat(), (text, seed) => {
        const at = 1 + (seed % text.length);
        const places = [...graphemes.segment(text)].map(({ index }) => index).concat(text.length);
        expect(graphemeCut(text, 0, at)).toBe(places.findLast((place) => place > 0 && place <= at));
      }),
    );
  });

  test("between code points takes one at least, and tears none", () => {
    expect(codePointCut("\u{1F600}\u{1F600}", 0, 1)).toBe(2);
    expect(codePointCut("\u{1F600}\u{1F600}", 0, 3)).toBe(2);
    expect(codePointCut("ab", 0, 0)).toBe(1);
    expect(codePointCut("ab", 1, 9)).toBe(2);
  });
});

describe("The search for the last that fits", () => {
  test("finds it from any guess", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 500 }),
        fc.nat({ max: 500 }),
        fc.integer({ min: -600, max: 1200 }),
        (low, width, guess) => {
          const high = low + width;
          for (const limit of [low - 1, low, low + (width >> 1), high]) {
            expect(lastFitting(low, high, guess, (value) => value <= limit)).toBe(limit);
          }
        },
      ),
    );
  });

  test("asks twice where the guess is right", () => {
    let questions = 0;
    lastFitting(0, 1_000_000, 4096, (value) => {
      questions += 1;
      return value <= 4096;
    });
    expect(questions).toBe(2);
  });
});
