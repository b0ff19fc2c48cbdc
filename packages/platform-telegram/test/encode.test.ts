import * as fc from "fast-check";
import type { MessageEntity } from "grammy/types";
import { describe, expect, test } from "vitest";
import { encode as encodeShown, encodeText as encode, isBlank, measure } from "../src/encode.ts";
import { withoutPings } from "../src/encode/pings.ts";
import { parseMarkdown } from "@hermes/markdown";
import { renderText, withoutMarkup } from "../src/encode/render.ts";
import { fragments, markdownLike } from "./markdown-like.ts";
import { formatText } from "./server.ts";

/** The text with its entities written round it: `<bold>text</>`. */
function shown(markdown: string): string {
  return draw(encode(markdown));
}

function draw({ text, entities }: { readonly text: string; readonly entities: readonly MessageEntity[] }): string {
  const marks: { at: number; order: number; mark: string }[] = [];
  for (const [index, entity] of entities.entries()) {
    const detail = entity.type === "text_link" ? ` ${entity.url}` : entity.type === "pre" ? ` ${entity.language ?? ""}` : "";
    marks.push({ at: entity.offset, order: 1000 + index, mark: `<${entity.type}${detail.trimEnd()}>` });
    marks.push({ at: entity.offset + entity.length, order: -index, mark: "</>" });
  }
  let drawn = "";
  let from = 0;
  for (const { at, mark } of marks.sort((a, b) => a.at - b.at || a.order - b.order)) {
    drawn += text.slice(from, at) + mark;
    from = at;
  }
  return drawn + text.slice(from);
}

describe("a text with markup becomes a text with entities:", () => {
  test.each([
    ["a plain text stays as it is", "Hello, world! 1 + 1 = 2; a/b (c)", "Hello, world! 1 + 1 = 2; a/b (c)"],
    ["styles", "**b** *i* ~~s~~ ||h|| `c`", "<bold>b</> <italic>i</> <strikethrough>s</> <spoiler>h</> <code>c</>"],
    ["styles in styles", "***both** italic*", "<italic><bold>both</> italic</>"],
    ["code cuts the style round it", "**a `b` c**", "<bold>a </><code>b</> <bold>c</>"],
    ["headings are bold", "# Title\n\nText\n## Sub **x**\nmore", "<bold>Title</>\n\nText\n<bold>Sub x</>\nmore"],
    ["line breaks and paragraphs stay", "a\nb\n\nc\n\n\n\nd", "a\nb\n\nc\n\nd"],
    ["lists", "Do:\n- a\n- b\n  - c\n    - d\n\nEnd", "Do:\n• a\n• b\n   • c\n      • d\n\nEnd"],
    ["numbered lists keep their numbers", "3. a\n4. b\n   more", "3. a\n4. b\n   more"],
    ["task lists", "- [ ] open\n- [x] done", "☐ open\n☑ done"],
    ["code blocks with a language", "```ts\nconst a = 1;\n\nb()\n```\nafter", "<pre ts>const a = 1;\n\nb()</>\nafter"],
    ["code blocks inside lists", "- a\n  ```\n  x\n    y\n  ```\n- b", "• a\n<pre>x\n  y</>\n• b"],
    ["what stands behind a fence and is no language is code", "```print(1)\nx\n```", "<pre>print(1)\nx</>"],
    ["code keeps its indentation", "```\n  a\n b\n```", "<pre>  a\n b</>"],
    ["tabs in code keep their width", "```\na\n\tb\n```", "<pre>a\n    b</>"],
    ["quotes", "> a\n> **b**\n\nc", "<blockquote>a\n<bold>b</></>\n\nc"],
    ["quotes in quotes", "> a\n>> b\n>> c", "<blockquote>a\n> b\n> c</>"],
    ["code in a quote", "> a\n> ```\n> x\n> ```", "<blockquote>a\n<pre>x</></>"],
    ["links", "[a **b**](https://example.com/x?y=1&z)", "<text_link https://example.com/x?y=1&z>a <bold>b</></>"],
    ["code in a link is text", "[`a`](https://example.com)", "<text_link https://example.com/>a</>"],
    [
      "bare addresses are left to Telegram",
      "see https://example.com/a_b_c and www.example.com",
      "see https://example.com/a_b_c and www.example.com",
    ],
    ["addresses in angle brackets", "<https://example.com> <a@example.com>", "https://example.com a@example.com"],
    [
      "an address that Telegram refuses stands behind its label",
      "[here](http://localhost:8080/x) [f](./a.md)",
      "here (http://localhost:8080/x) f (./a.md)",
    ],
    ["a mail address stands behind its label", "[write](mailto:a@example.com)", "write (a@example.com)"],
    [
      "a dangerous address is text",
      "[x](javascript:alert(1)) [y](data:text/html,z)",
      "x (javascript:alert(1)) y (data:text/html,z)",
    ],
    [
      "images are links",
      "![a cat](https://example.com/cat.png) ![](https://example.com/)",
      "<text_link https://example.com/cat.png>a cat</> https://example.com/",
    ],
    ["HTML is text", "<b>x</b> <script>alert(1)</script> a<br>b", "<b>x</b> <script>alert(1)</script> a\nb"],
    ["a block of HTML is text", "<div>\n<p>x</p>\n</div>", "<div>\n<p>x</p>\n</div>"],
    ["character references", "&lt;b&gt; &amp; &#39; &#x1F600; &unknown; `&lt;`", "<b> & ' 😀 &unknown; <code>&lt;</>"],
    ["escapes", "\\*not bold\\* 1\\. \\_", "*not bold* 1. _"],
    ["a rule", "a\n\n---\n\nb", "a\n\n──────────\n\nb"],
    ["what is no markup", "a * b * c _ d || e || f ** g", "a * b * c _ d || e || f ** g"],
    ["snake_case and 2*3*4", "some_snake_case 2*3*4", "some_snake_case 2<italic>3</>4"],
    ["markup without a text stays visible", "**", "**"],
    ["an empty code block stays visible", "```\n```", "```\n```"],
    [
      "reference definitions are not lost",
      "[a]\n\n[a]: https://example.com",
      "<text_link https://example.com/>a</>\n\n[a]: https://example.com",
    ],
    ["half-written code is code", "```py\nprint(", "<pre py>print(</>"],
    ["whitespace at the ends goes", "\n\n  **a** b \n ", "<bold>a</> b"],
    ["control characters become spaces, line separators go", "a\u0007b\u2028c\rd", "a bc\nd"],
    ["a lone half of a pair is replaced", "a\uD800b", "a\uFFFDb"],
  ])("%s", (_name, markdown, expected) => {
    expect(shown(markdown)).toBe(expected);
  });

  test("tables stand aligned in a monospaced block", () => {
    const table = "| Name | Price | 城市 |\n|:--|--:|:-:|\n| **Apple** | 3 | 北京 |\n| [Pear](https://example.com) | 12 | x |";
    expect(shown(table)).toBe(
      [
        "<pre>Name                        | Price | 城市",
        "----------------------------+-------+-----",
        "Apple                       |     3 | 北京",
        "Pear (https://example.com/) |    12 |  x</>",
      ].join("\n"),
    );
  });

  test("a table with a row longer than its header has more columns", () => {
    expect(encode("| a |\n|---|\n| b | c |").text).toBe("a |\n--+--\nb | c");
  });

  test("a table that is too wide for a phone is a group of lines for each row", () => {
    const wide = `| Name | ${"Wide ".repeat(8)}|\n|---|---|\n| a | ${"b ".repeat(30)}|\n| c | d |`;
    expect(shown(wide)).toBe(
      `<bold>Name:</> a\n<bold>${"Wide ".repeat(8).trim()}:</> ${"b ".repeat(30).trim()}\n\n` +
        `<bold>Name:</> c\n<bold>${"Wide ".repeat(8).trim()}:</> d`,
    );
  });

  test("more entities than Telegram takes are not sent", () => {
    expect(encode("**a** ".repeat(300)).entities).toHaveLength(100);
  });

  test("of a text nested beyond reason the inner part stands as it was written", () => {
    const deep = `${">".repeat(5000)}a`;
    expect(encode(deep).text).toMatch(/^[> ]{10,50}>{4900,5000}a$/u);
  });
});

describe("nobody is pinged whom the caller did not name:", () => {
  const drawn = (markdown: string, allowed: readonly string[] = []): string => draw(withoutPings(encode(markdown), allowed));

  test("a name becomes code, which cuts the style round it", () => {
    expect(drawn("hi @someone and **all of @everyone here**")).toBe(
      "hi <code>@someone</> and <bold>all of </><code>@everyone</><bold> here</>",
    );
  });

  test("a name behind a second sign is one, too", () => {
    expect(drawn("hi @@someone")).toBe("hi @<code>@someone</>");
  });

  test("mail addresses, code and links stay", () => {
    expect(drawn("a@example.com `@someone` [@someone](https://example.com)")).toBe(
      "a@example.com <code>@someone</> <text_link https://example.com/>@someone</>",
    );
  });

  test("a link to a person stays only for one who may be pinged", () => {
    const text = "[A](tg://user?id=1) [B](tg://user?id=2)";
    expect(drawn(text, ["2"])).toBe("A <text_link tg://user?id=2>B</>");
  });

  test("Telegram finds no mention in what is left, however many there are", () => {
    for (const count of [1, 40, 150]) {
      const { text, entities } = withoutPings(encode("**@someone** *@another* ".repeat(count)), []);
      expect(formatText(text, undefined, entities).entities.filter((entity) => entity.type === "mention")).toEqual([]);
    }
  });
});

describe("whatever the text,", () => {
  test("Telegram takes it, mends nothing, and counts as `measure` does", () => {
    fc.assert(
      fc.property(markdownLike, (source) => {
        const encoded = encode(source);
        if (encodeShown(source, { rich: true }).form === "text") expect(measure(source)).toBe(encoded.text.length);
        else expect(measure(source)).toBeGreaterThanOrEqual(encoded.text.length);
        if (isBlank(encoded.text)) return;
        const formatted = formatText(encoded.text, undefined, encoded.entities);
        expect(formatted.text).toBe(encoded.text);
        expect(formatted.repairs).toEqual([]);
        const detected = new Set(["mention", "url", "email", "hashtag", "bot_command"]);
        expect(new Set(formatted.entities.filter((entity) => !detected.has(entity.type)))).toEqual(new Set(encoded.entities));
      }),
      { numRuns: 3000 },
    );
  });

  test("without pings Telegram still takes it, and finds no mention", () => {
    fc.assert(
      fc.property(markdownLike, (source) => {
        const { text, entities } = withoutPings(encode(source), []);
        if (isBlank(text)) return;
        const formatted = formatText(text, undefined, entities);
        expect(formatted.repairs).toEqual([]);
        expect(formatted.entities.filter((entity) => entity.type === "mention")).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("a letter, a digit or a CJK character of it is never lost, but in an address", () => {
    const words = fc.array(fc.constantFrom(...fragments.filter((part) => !/http|tg:|&|\]\(|<br>|\[x\]|1\./u.test(part))), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(words, (parts) => {
        const source = parts.join("");
        const letters = (text: string): string => (text.normalize("NFD").match(/[a-z漢😀]/gu) ?? []).join("");
        // A language after a fence names the block and does not stand in it.
        const withoutLanguage = source.replace(/(`{3,}|~{3,})[ \t]*[\w+#.-]+(?=[\s]|$)[^\n\r]*/gu, "");
        const found = letters(withoutMarkup(encode(source)));
        let at = 0;
        for (const letter of letters(withoutLanguage)) {
          const next = found.indexOf(letter, at);
          expect(next, `${JSON.stringify(source)} lost ${letter}`).toBeGreaterThanOrEqual(0);
          at = next + letter.length;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("a text without markup is the same whether or not it is parsed", () => {
    const plain = fc.array(
      fc.constantFrom("word", " ", "\n", "\n\n", "é", "漢", "😀", ".", ",", "!", "?", "1", "(", ")", ":", "/", "@x", "a-b", "'"),
      {
        maxLength: 40,
      },
    );
    fc.assert(
      fc.property(plain, (parts) => {
        const source = parts.join("");
        expect(encode(source).text).toBe(renderText(parseMarkdown(source)).text);
      }),
      { numRuns: 2000 },
    );
  });
});
