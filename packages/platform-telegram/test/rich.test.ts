import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode, measure } from "../src/encode.ts";
import { shownWithoutPings } from "../src/encode/pings.ts";
import { fragments, markdownLike } from "./markdown-like.ts";
import { readRichMessage } from "./server.ts";

function html(markdown: string): string {
  const shown = encode(markdown, { rich: true });
  if (shown.form === "text") throw new Error(`Expected a rich message, got the text ${JSON.stringify(shown.text)}`);
  return shown.html;
}

describe("a rich message shows", () => {
  test.each([
    ["headings", "# A *b*\n\ntext", "<h1>A <i>b</i></h1><p>text</p>"],
    [
      "tables with their alignment",
      "| a | b |\n|:-:|--:|\n| **1** | 2 |",
      '<table bordered striped><tr><th align="center">a</th><th align="right">b</th></tr><tr><td align="center"><b>1</b></td><td align="right">2</td></tr></table>',
    ],
    ["tasks", "- [ ] a\n- [x] b", '<ul><li><input type="checkbox">a</li><li><input type="checkbox" checked>b</li></ul>'],
    ["nested lists", "1. a\n   - b", "<ol><li>a<ul><li>b</li></ul></li></ol>"],
    ["lists that go on", "3. a\n   - b", '<ol start="3"><li>a<ul><li>b</li></ul></li></ol>'],
    ["rules", "a\n\n---\n\nb", "<p>a</p><hr/><p>b</p>"],
    ["formulas", "so $x^2 < y$\n\n$$\na_1\n$$", "<p>so <tg-math>x^2 &lt; y</tg-math></p><tg-math-block>a_1</tg-math-block>"],
    ["code in a list", "- a\n  ```ts\n  b < c\n  ```", '<ul><li>a<pre><code class="language-ts">b &lt; c</code></pre></li></ul>'],
    ["quotes in quotes", "> a\n> > b", "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote>"],
    [
      "line breaks, spoilers and struck text",
      "# x\na\nb ||c|| ~~d~~",
      "<h1>x</h1><p>a<br>b <tg-spoiler>c</tg-spoiler> <s>d</s></p>",
    ],
    [
      "links, bare addresses too, since nothing is detected",
      '# x\n[a](https://example.com/?a=1&b="2") https://example.com me@example.com',
      '<h1>x</h1><p><a href="https://example.com/?a=1&amp;b=%222%22">a</a> <a href="https://example.com/">https://example.com</a> <a href="mailto:me@example.com">me@example.com</a></p>',
    ],
    ["an address that cannot be opened", "# [a](javascript:alert)", "<h1>a (javascript:alert)</h1>"],
    ["HTML as text", "# <b>x</b> & y", "<h1>&lt;b&gt;x&lt;/b&gt; &amp; y</h1>"],
  ])("%s", (_name, markdown, expected) => {
    expect(html(markdown)).toBe(expected);
    expect(() => readRichMessage({ html: html(markdown) })).not.toThrow();
  });

  test("an answer of more than 4096 characters in one piece", () => {
    const long = "word ".repeat(1000);
    expect(readRichMessage({ html: html(long) }).length).toBe(long.length);
  });

  test("tables of more than 20 columns row by row", () => {
    const row = (cell: string): string => `|${` ${cell} |`.repeat(21)}`;
    const shown = html(`${row("h")}\n${row("-")}\n${row("c")}`);
    expect(shown).not.toContain("<table");
    expect(shown.match(/<b>h:<\/b> c/gu)).toHaveLength(21);
  });

  test("an answer from right to left as one", () => {
    const [arabic, english] = ["# مرحبا بك\n\nهذا نص", "# Hello\n\nworld مرحبا"].map((markdown) =>
      encode(markdown, { rich: true }),
    );
    expect(arabic).toMatchObject({ form: "rich", isRightToLeft: true });
    expect(english).toMatchObject({ form: "rich", isRightToLeft: false });
  });
});

describe("no rich message is made", () => {
  test.each([
    ["of a short plain text", "Hello, it costs $5."],
    ["of styles, links, code and flat lists", "**a** [b](https://example.com) `c`\n\n```\nd\n```\n\n- e\n- f\n\n> g"],
    ["where it has too many blocks and the text fits", "- [ ] a\n".repeat(400)],
    ["of nothing", "#"],
    ["of a rule alone", "---"],
  ])("%s", (_name, markdown) => {
    expect(encode(markdown, { rich: true }).form).toBe("text");
  });

  test("where the server takes none", () => {
    expect(encode("# a", { rich: false })).toEqual({
      form: "text",
      text: "a",
      entities: [{ type: "bold", offset: 0, length: 1 }],
    });
  });
});

describe("a rich message pings", () => {
  test("nobody but the one who may be", () => {
    const text = "# x\n@someone [A](tg://user?id=1) [B](tg://user?id=2) [C](tg://user?x=1&id=1) [D](TG://user?id=2&id=1)";
    const shown = shownWithoutPings(encode(text, { rich: true }), ["2"]);
    expect(shown).toMatchObject({
      form: "rich",
      html: '<h1>x</h1><p>@someone A <a href="tg://user?id=2">B</a> C D</p>',
      fallback: { text: "x\n@someone A B C D" },
    });
  });
});

describe("no letter, digit or CJK character is lost", () => {
  test("of what a rich message shows, but in an address", () => {
    const kept = fragments.filter(
      (part) => !/http|tg:|&|\]\(|<br>|\[x\]|1\.|```|~~|__|\$|\\/u.test(part) && !/^[`~_|\\]$/u.test(part),
    );
    const letters = (text: string): string => (text.normalize("NFD").match(/[a-z漢😀\u05D0\u05D1]/gu) ?? []).join("");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kept), { maxLength: 40 }), (parts) => {
        const source = `# x\n\n${parts.join("")}`;
        const found = letters(readRichMessage({ html: html(source) }).text);
        let at = 0;
        for (const letter of letters(source)) {
          const next = found.indexOf(letter, at);
          expect(next, `${JSON.stringify(source)} lost ${letter}`).toBeGreaterThanOrEqual(0);
          at = next + letter.length;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

describe("the server refuses", () => {
  test.each([
    ["neither form", {}, "exactly one"],
    ["both forms", { html: "a", markdown: "a" }, "exactly one"],
    ["unknown tags", { html: "<div>a</div>" }, 'Unsupported start tag "div"'],
    ["unknown attributes", { html: '<p class="a">a</p>' }, "Unsupported attribute"],
    ["tags that are not closed", { html: "<p>a" }, "Can't find end tag"],
    ["tags that are closed crosswise", { html: "<b><i>a</b></i>" }, "Unmatched end tag"],
    ["tags in the wrong place", { html: "<ul><p>a</p></ul>" }, "Unexpected tag"],
    ["blocks in a line", { html: "<p><ul><li>a</li></ul></p>" }, "Unexpected tag"],
    ["bare angle brackets", { html: "1 < 2" }, "Unsupported or unclosed tag"],
    ["addresses it cannot open", { html: '<a href="javascript:x">a</a>' }, "Wrong address"],
    ["unpaired surrogates", { html: "a\uD800" }, "UTF-8"],
    ["nothing", { html: "" }, "non-empty"],
    ["nothing visible", { html: "<p> &nbsp;</p><hr/>" }, "non-empty"],
    ["32,769 characters", { html: "a".repeat(32_769) }, "characters"],
    ["501 blocks", { html: "<p>a</p>".repeat(501) }, "blocks"],
    ["17 levels", { html: `${"<b>".repeat(17)}a${"</b>".repeat(17)}` }, "levels"],
    ["21 columns", { html: `<table><tr>${"<td>a</td>".repeat(21)}</tr></table>` }, "columns"],
    ["51 media", { html: '<img src="https://example.com/a.png"/>'.repeat(51) }, "media"],
  ])("%s", (_name, message, expected) => {
    expect(() => readRichMessage(message)).toThrow(expected);
  });

  test("nothing that is within its limits", () => {
    const table = `<table><tr>${"<td>&lt;</td>".repeat(20)}</tr></table>`;
    expect(readRichMessage({ html: `<h1>a</h1>${table}<p>b<br>c &amp; d</p>`, is_rtl: true })).toMatchObject({
      text: `a\n${"\t<".repeat(20).slice(1)}\nb\nc & d`,
      length: 28,
      blocks: 4,
      isRightToLeft: true,
    });
  });
});

describe("the length of a rich message", () => {
  test("has room for every block that the server counts", () => {
    const items = (count: number): string => `${"- [ ] a\n".repeat(count)}\n${"word ".repeat(1000)}`;
    expect(measure(items(245))).toBeLessThan(32_768);
    expect(() => readRichMessage({ html: html(items(245)) })).not.toThrow();
    expect(measure(items(260))).toBeGreaterThan(32_768);
    expect(() => readRichMessage({ html: html(items(260)) })).toThrow("blocks");
  });

  test("is never less than what the server counts, and the server takes it, whatever the text", () => {
    fc.assert(
      fc.property(markdownLike, fc.boolean(), (source, isHeaded) => {
        const markdown = isHeaded ? `# x\n\n${source}` : source;
        const shown = encode(markdown, { rich: true });
        if (shown.form === "text") return;
        const read = readRichMessage({ html: shown.html });
        expect(measure(markdown)).toBeGreaterThanOrEqual(read.length);
        expect(measure(markdown)).toBeGreaterThanOrEqual(shown.fallback.text.length);
      }),
      { numRuns: 3000 },
    );
  });

  test("of plain text is that of the text, whatever its paragraphs, and the server takes it", () => {
    const words = fc.array(fc.constantFrom("word", "漢字", "👍🏽", "e\u0301", "\u200B", "$5", "a.b"), {
      minLength: 1,
      maxLength: 12,
    });
    const paragraph = fc
      .array(words, { minLength: 1, maxLength: 4 })
      .map((lines) => lines.map((line) => line.join(" ")).join("\n"));
    const texts = fc
      .array(paragraph, { minLength: 200, maxLength: 240 })
      .map((all) => `${"long ".repeat(820)}.\n\n${all.join("\n\n")}`);
    fc.assert(
      fc.property(texts, (markdown) => {
        const read = readRichMessage({ html: html(markdown) });
        expect(measure(markdown)).toBeGreaterThanOrEqual(read.length);
        const { fallback } = encode(markdown, { rich: true }) as Extract<ReturnType<typeof encode>, { form: "rich" }>;
        const isTaken = measure(markdown) <= 32_768;
        expect(measure(markdown)).toBe(isTaken ? fallback.text.length : 32_769);
        expect(isTaken).toBe(read.blocks <= 500);
      }),
      { numRuns: 50 },
    );
  });
});
