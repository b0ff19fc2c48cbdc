import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { createHighlighter } from "../src/markdown/highlight.ts";
import { piecesOf, textOfPieces } from "../src/markdown/highlight-tree.ts";
import { lex, lexOn, shownTokens, type Lexed } from "../src/markdown/lex.ts";
import { Markdown } from "../src/markdown/markdown.tsx";
import { safeLink } from "../src/markdown/safe-link.ts";
import { blocksOf } from "../src/markdown/tree.ts";
import { chineseAnswer, richAnswer } from "./loopback/texts.ts";

function shown(text: string): string {
  return renderToStaticMarkup(createElement(Markdown, { text }));
}

/** A sequence that looks random and is the same each time. */
function chances(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 4_294_967_296;
    return state / 4_294_967_296;
  };
}

describe("Markdown that grows", () => {
  const samples = [
    richAnswer,
    chineseAnswer,
    "- a\n- b\n\n  c\n\n    d\n1. one\n2. two\n\ntext\n===\n",
    "> quote\nlazy\n\n```\ncode\n\n\nmore\n```\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nend",
    "a\n\n    code\n\n    more\n\n***\n\n<div>\n\nx\n\n</div>\n",
  ];

  it("reads the same piece by piece as at once", () => {
    for (const [index, text] of samples.entries()) {
      for (let round = 0; round < 20; round += 1) {
        const chance = chances(index * 100 + round);
        let lexed: Lexed | undefined;
        for (let end = 0; end < text.length; end += 1 + Math.floor(chance() * 24)) lexed = lexOn(lexed, text.slice(0, end));
        lexed = lexOn(lexed, text);
        expect(blocksOf(lexed.tokens), `sample ${index}, round ${round}`).toEqual(blocksOf(lex(text).tokens));
      }
    }
  });

  it("keeps the blocks that are settled as they are", () => {
    const before = lex("one\n\ntwo\n\nthree\n\nfour");
    const after = lexOn(before, "one\n\ntwo\n\nthree\n\nfour and more");
    expect(after.tokens[0]).toBe(before.tokens[0]);
  });

  it("begins anew where the text is another one", () => {
    expect(lexOn(lex("one"), "other")).toEqual(lex("other"));
  });

  it("does not show a table before its second line is there", () => {
    expect(shownTokens(lex("text\n\n| a | b |\n|--").tokens).map(({ type }) => type)).toEqual(["paragraph", "space"]);
    expect(shownTokens(lex("| a | b |\n|---|---|\n").tokens).map(({ type }) => type)).toEqual(["table"]);
  });
});

describe("Markdown", () => {
  it("shows HTML as the text it is", () => {
    const html = shown('<script>alert(1)</script>\n\n<img src=x onerror="alert(1)"> and <b>bold</b>');
    expect(html).not.toMatch(/<script|<img|<b>/u);
    expect(html).toContain("&lt;script&gt;");
  });

  it("follows links to web pages and addresses only", () => {
    const html = shown(
      "[a](https://example.org/x) [b](javascript:alert(1)) [c](data:text/html,x) [d](//evil.example) [e](mailto:a@example.org)",
    );
    expect([...html.matchAll(/href="([^"]*)"/gu)].map(([, href]) => href)).toEqual([
      "https://example.org/x",
      "mailto:a@example.org",
    ]);
    expect(html.match(/rel="noopener noreferrer"/gu)).toHaveLength(2);
  });

  it("loads no image of another place: it is a link", () => {
    const html = shown("![a cat](https://example.org/cat.png) ![own](/v1/files/42)");
    expect([...html.matchAll(/src="([^"]*)"/gu)].map(([, source]) => source)).toEqual(["/v1/files/42"]);
    expect(html).toContain('href="https://example.org/cat.png"');
  });

  it("leaves no gap between the levels of headings", () => {
    const html = shown("### first\n\n##### second\n\n### third");
    expect([...html.matchAll(/<(h\d)/gu)].map(([, tag]) => tag)).toEqual(["h2", "h3", "h2"]);
  });

  it("tells tasks that are done from those that are not", () => {
    expect([...shown("- [x] a\n- [ ] b").matchAll(/data-checked="(\w+)"/gu)].map(([, is]) => is)).toEqual(["true", "false"]);
  });

  it("shows entities and special characters as they were written", () => {
    expect(shown("a < b & c > d `x && y` 'q'")).toContain("a &lt; b &amp; c &gt; d <code>x &amp;&amp; y</code>");
  });

  it("knows unsafe addresses however they are written", () => {
    for (const href of [
      "JavaScript:alert(1)",
      " javascript:alert(1)",
      "java\nscript:alert(1)",
      "vbscript:x",
      "file:///etc/passwd",
      "blob:x",
      "x",
    ]) {
      expect(safeLink(href), href).toBeUndefined();
    }
  });
});

describe("Highlighted code", () => {
  const highlight = createHighlighter();

  it("is the same text in pieces", () => {
    const code = 'const a = `${b}` as const; // <i>"x"</i>\n';
    const pieces = highlight(code, "typescript");
    expect(textOfPieces(pieces ?? [])).toBe(code);
    expect(pieces?.some((piece) => typeof piece !== "string" && piece.scope === "keyword")).toBe(true);
  });

  it("knows languages by their short names, and leaves others alone", () => {
    expect(highlight("x = 1", "py")).toBeDefined();
    expect(highlight("x = 1", "brainfuck")).toBeUndefined();
  });

  it("leaves very long code alone", () => {
    expect(highlight("x".repeat(60_001), "json")).toBeUndefined();
  });

  it("takes only what is a tree, and only names of classes from it", () => {
    expect(
      piecesOf({ children: ["a", { scope: 'x" onload="', children: ["b"] }, { scope: "title.function_", children: [] }, 42] }),
    ).toEqual(["a", { scope: "x", pieces: ["b"] }, { scope: "title", pieces: [] }]);
    expect(piecesOf("<b>")).toBeUndefined();
  });
});
