import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emptyReasoningFilter, endReasoning, filterReasoning } from "../../src/index.ts";

function filter(...pieces: readonly string[]): { readonly text: string; readonly reasoning: string } {
  let state = emptyReasoningFilter;
  let text = "";
  let reasoning = "";
  for (const piece of pieces) {
    const filtered = filterReasoning(state, piece);
    state = JSON.parse(JSON.stringify(filtered.state)) as typeof state;
    text += filtered.text;
    reasoning += filtered.reasoning;
  }
  const rest = endReasoning(state);
  return { text: text + rest.text, reasoning: reasoning + rest.reasoning };
}

describe("The reasoning filter", () => {
  test.each(["think", "thinking", "reasoning", "thought", "REASONING_SCRATCHPAD", "Think", "THOUGHT"])(
    "takes out <%s>",
    (name) => {
      expect(filter(`<${name}>why</${name}>\n\nAnswer`)).toEqual({ text: "Answer", reasoning: "why" });
      expect(filter(`<${name.toUpperCase()}>why</${name.toLowerCase()}>Answer`)).toEqual({ text: "Answer", reasoning: "why" });
    },
  );

  test("takes out a block that begins a later line", () => {
    expect(filter("One.\n\n  <think>why</think>\n\nTwo.")).toEqual({ text: "One.\n\n  Two.", reasoning: "why" });
  });

  test("takes out one block after the other", () => {
    expect(filter("<think>a</think><think>b</think>\n<thought>c</thought> Answer")).toEqual({ text: "Answer", reasoning: "abc" });
  });

  test("leaves tags inside a sentence, other tags, and closing tags alone", () => {
    for (const text of [
      "Use <think> here </think>.",
      "<b>bold</b>",
      "<thinker>",
      "</think>",
      "a < b",
      "<",
      "<thin",
      "text\n<thi",
    ]) {
      expect(filter(text)).toEqual({ text, reasoning: "" });
    }
  });

  test("leaves tags in code alone", () => {
    const code = "```xml\n<thinking>\nstep\n</thinking>\n```\n";
    expect(filter(code)).toEqual({ text: code, reasoning: "" });
    expect(filter(`${code}<think>why</think>Answer`)).toEqual({ text: `${code}Answer`, reasoning: "why" });
  });

  test("knows blocks inside blocks", () => {
    expect(filter("<think>a\n<thought>b</thought>\nc</think>Answer")).toEqual({ text: "Answer", reasoning: "a\nb\nc" });
    expect(filter("<think>a\n<think>b</think>\nc</think>Answer")).toEqual({ text: "Answer", reasoning: "a\nb\nc" });
    expect(filter("<think>a\n<thought>b</think>Answer")).toEqual({ text: "Answer", reasoning: "a\nb" });
    expect(filter("<think>the tag <think> is a tag</think>Answer")).toEqual({
      text: "Answer",
      reasoning: "the tag <think> is a tag",
    });
  });

  test("keeps a block that nobody closes out of the text", () => {
    expect(filter("Before\n<think>why\nand </thi")).toEqual({ text: "Before\n", reasoning: "why\nand </thi" });
  });

  test("goes on in a block when only a segment ended", () => {
    const { state } = endReasoning(filterReasoning(emptyReasoningFilter, "<think>a").state);
    expect(filterReasoning(state, "b</think>Answer")).toMatchObject({ text: "Answer", reasoning: "b" });
  });

  const piece = fc.constantFrom(
    "<think>",
    "</think>",
    "<THINKING>",
    "</thinking>",
    "<thought>",
    "</thought>",
    "<reasoning_scratchpad>",
    "</REASONING_SCRATCHPAD>",
    "<thi",
    "nk>",
    "<",
    ">",
    "/",
    "\n",
    "\n\n",
    "  ",
    "word",
    "a <think> b",
    "```",
    "```ts",
    "~~~",
    "\n```\n",
    "- ",
    "x",
    "İ",
    "👩‍👩",
  );
  const source = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));

  test("gives the same however the text is cut", () => {
    fc.assert(
      fc.property(source, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 8 }), (source, cuts) => {
        const pieces: string[] = [];
        for (let at = 0, turn = 0; at < source.length; turn++) {
          const size = cuts[turn % cuts.length] ?? 1;
          pieces.push(source.slice(at, at + size));
          at += size;
        }
        expect(filter(...pieces)).toEqual(filter(source));
      }),
      { numRuns: 3000 },
    );
  });

  test("loses nothing but tags and the white space behind a block", () => {
    fc.assert(
      fc.property(source, (source) => {
        const { text, reasoning } = filter(source);
        const bare = (text: string): string =>
          Array.from(text.replace(/<\/?\w+>|\s/gu, ""))
            .toSorted()
            .join("");
        // Apart: the end of the one and the beginning of the other may look like a tag.
        expect(
          Array.from(bare(text) + bare(reasoning))
            .toSorted()
            .join(""),
        ).toBe(bare(source));
      }),
      { numRuns: 1000 },
    );
  });

  test("costs a long line no more than its length", () => {
    let state = emptyReasoningFilter;
    for (let index = 0; index < 20_000; index++) ({ state } = filterReasoning(state, "word "));
    expect(JSON.stringify(state).length).toBeLessThan(500);
  });
});
