import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isPlain, parseMarkdown, toPlainText, type Block, type Inline } from "../src/index.ts";
import { fragments, markdownLike } from "./markdown-like.ts";

/** A tree in few letters: `p(text strong(b))`. */
function drawn(markdown: string): string {
  return parseMarkdown(markdown).map(drawBlock).join(" ");
}

function drawBlock(block: Block): string {
  switch (block.type) {
    case "heading":
      return `h${block.level}(${draw(block.content)})`;
    case "paragraph":
      return `p(${draw(block.content)})`;
    case "list": {
      const { isOrdered, start, isTight, items } = block.list;
      const name = `${isOrdered ? `ol${start}` : "ul"}${isTight ? "" : " loose"}`;
      const item = ({ isChecked, blocks }: (typeof items)[number]): string =>
        (isChecked === undefined ? "" : isChecked ? "☑" : "☐") + blocks.map(drawBlock).join(" ");
      return `${name}[${items.map(item).join("; ")}]`;
    }
    case "table": {
      const { alignments, header, rows } = block.table;
      return `table<${alignments.map((alignment) => alignment ?? "-").join(",")}>[${[header, ...rows].map((cells) => cells.map(draw).join("|")).join("; ")}]`;
    }
    case "quote":
      return `quote(${block.blocks.map(drawBlock).join(" ")})`;
    case "code":
      return `code<${block.language}>(${block.text})`;
    case "rule":
      return "rule";
    case "math":
    case "html":
      return `${block.type}(${block.text})`;
  }
}

function draw(inlines: readonly Inline[]): string {
  return inlines.map(drawInline).join("");
}

function drawInline(inline: Inline): string {
  switch (inline.type) {
    case "text":
      return inline.text;
    case "break":
      return "⏎";
    case "link":
      return `link<${inline.address}${inline.title === "" ? "" : ` ${inline.title}`}>(${draw(inline.content)})`;
    case "image":
      return `image<${inline.address}>(${inline.text})`;
    case "math":
      return `${inline.isDisplayed ? "MATH" : "math"}(${inline.text})`;
    case "code":
    case "html":
      return `${inline.type}(${inline.text})`;
    case "strong":
    case "emphasis":
    case "strike":
    case "spoiler":
      return `${inline.type}(${draw(inline.content)})`;
  }
}

describe("Markdown becomes a tree:", () => {
  test.each([
    ["headings and paragraphs", "# A *b*\ntext\n\nmore", "h1(A emphasis(b)) p(text) p(more)"],
    ["styles", "**a** *b* ~~c~~ ||d|| `e`", "p(strong(a) emphasis(b) strike(c) spoiler(d) code(e))"],
    ["lines", "a\nb  \nc<br>d", "p(a⏎b⏎c⏎d)"],
    ["lists", "3. a\n4. b\n   - c\n   - d", "ol3[p(a); p(b) ul[p(c); p(d)]]"],
    ["loose lists", "- a\n\n- b", "ul loose[p(a); p(b)]"],
    ["tasks", "- [ ] a\n- [x] b\n- c", "ul[☐p(a); ☑p(b); p(c)]"],
    ["tables", "| a | b |\n|:--|:-:|\n| **1** | x \\| y |", "table<left,center>[a|b; strong(1)|x | y]"],
    [
      "tables with rows that are longer and shorter",
      "| a |\n|---|\n| b | c *d* | e |\n| f |\n",
      "table<-,-,->[a||; b|c emphasis(d)|e; f||]",
    ],
    ["quotes", "> a\n> > b", "quote(p(a) quote(p(b)))"],
    ["code", "```ts title\na < b\n```\n\n    c", "code<ts>(a < b) code<>(c)"],
    ["code whose first line stands behind the fence", "```print(1)\nb\n```", "code<>(print(1)\nb)"],
    ["code that nobody closed", "```py\na", "code<py>(a)"],
    ["rules", "a\n\n***\n\nb", "p(a) rule p(b)"],
    [
      "links",
      '[a](https://x.example "t") <https://y.example> ![i](z)',
      "p(link<https://x.example t>(a) link<https://y.example>(https://y.example) image<z>(i))",
    ],
    ["HTML", "a <b>c</b>\n\n<div>\nx\n</div>", "p(a html(<b>)chtml(</b>)) html(<div>\nx\n</div>)"],
    ["characters by name and number", "&lt; &amp; &#x1F600; &unknown;", "p(< & 😀 &unknown;)"],
    ["definitions of addresses, which stay visible", "[a]\n\n[a]: b", "p(link<b>(a)) p([a]: b)"],
  ])("%s", (_name, markdown, expected) => {
    expect(drawn(markdown)).toBe(expected);
  });

  test.each([
    ["$x^2$ and $a_1 * b_1$", "p(math(x^2) and math(a_1 * b_1))"],
    ["\\(a_b\\) and \\[c\\]", "p(math(a_b) and MATH(c))"],
    ["so $$a$$ too", "p(so MATH(a) too)"],
    ["so\n$$\na\n+ b\n$$\nthen", "p(so) math(a\n+ b) p(then)"],
    ["\\[\n\\frac{a}{b}\n\\]", "math(\\frac{a}{b})"],
    ["- $$a$$", "ul[math(a)]"],
    ["it costs $5 and $6", "p(it costs $5 and $6)"],
    ["$5, $6 or 7$, US$8 or A$9", "p($5, $6 or 7$, US$8 or A$9)"],
    ["$HOME/bin:$PATH", "p($HOME/bin:$PATH)"],
    ["`$a$` \\$b\\$", "p(code($a$) $b$)"],
    ["$$ not closed\n\nmore", "p($$ not closed) p(more)"],
    ["公式$x$的", "p(公式math(x)的)"],
  ])("what is a formula, and what is money: %j", (markdown, expected) => {
    expect(drawn(markdown)).toBe(expected);
  });

  test("where empty lines stand is kept", () => {
    const spaced = parseMarkdown("a\n\nb\n# c\nd").map(({ isSpaced }) => isSpaced);
    expect(spaced).toEqual([true, false, false, false]);
  });
});

describe("Whatever the text,", () => {
  test("no letter of it is lost", () => {
    // Without what names a block's language, an address, or a character by its number.
    const kept = fragments.filter((part) => !/```|http|&|\]\(|<br>|\[x\]|~~|1\./u.test(part) && part !== "`" && part !== "~");
    const letters = (text: string): string => (text.match(/[a-zé漢😀ש]/gu) ?? []).join("");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...kept), { maxLength: 50 }), (parts) => {
        const source = parts.join("").toWellFormed();
        const shown = letters(toPlainText(parseMarkdown(source), { alignedTableWidth: 10_000 }));
        let at = 0;
        for (const letter of letters(source)) {
          const found = shown.indexOf(letter, at);
          expect(found, `${JSON.stringify(source)} lost ${letter}`).toBeGreaterThanOrEqual(0);
          at = found + letter.length;
        }
      }),
      { numRuns: 2000 },
    );
  });

  test("no text holds a line break", () => {
    const breaks = (inlines: readonly Inline[]): boolean =>
      inlines.some(
        (inline) => (inline.type === "text" && inline.text.includes("\n")) || ("content" in inline && breaks(inline.content)),
      );
    fc.assert(
      fc.property(markdownLike, (source) => {
        for (const block of parseMarkdown(source)) if ("content" in block) expect(breaks(block.content)).toBe(false);
      }),
      { numRuns: 1000 },
    );
  });

  test("one that is plain is shown as it is", () => {
    const plain = fc.array(
      fc.oneof(
        fc.constantFrom(
          "word",
          " ",
          "\n",
          "\n\n",
          "é",
          "漢",
          "😀",
          ".",
          ",",
          "!",
          "?",
          "1",
          "(",
          ")",
          ":",
          "/",
          "@x",
          "a-b",
          "$",
          "www.a.example",
          "\u00a0",
          "\u2028",
          "\f",
          "\v",
        ),
        fc.string({ unit: "binary", maxLength: 3 }),
      ),
      { maxLength: 30 },
    );
    let seen = 0;
    fc.assert(
      fc.property(plain, (parts) => {
        const source = parts.join("");
        if (!isPlain(source)) return;
        seen += 1;
        expect(toPlainText(parseMarkdown(source))).toBe(source);
      }),
      { numRuns: 5000 },
    );
    expect(seen).toBeGreaterThan(500);
  });

  test.each(["Hello, world! It costs $5.", "One.\n\nTwo, 1 < 2? no: 1 + 1.", "今天天气很好。\n我们去公园吧。", ""])(
    "%j is told at a glance",
    (source) => {
      expect(isPlain(source.replace(" < ", " by "))).toBe(true);
    },
  );

  test.each(["a *b*", "# a", "- a", "1. a", "a\n\n\nb", " a", "a ", "a\n b", "$a$", "a|b", "<b>", "&lt;", "a\\b", "+ a"])(
    "%j is not plain",
    (source) => {
      expect(isPlain(source)).toBe(false);
    },
  );
});
