import { describe, expect, test } from "vitest";
import {
  alignTable,
  displayWidth,
  inlineText,
  isRightToLeft,
  parseMarkdown,
  plainText,
  renderBlocks,
  toPlainText,
  type Dialect,
  type Table,
} from "../src/index.ts";

describe("Columns are counted", () => {
  test.each([
    ["plain", 5],
    ["", 0],
    ["北京", 4],
    ["한국어", 6],
    ["한", 2],
    ["é", 1],
    ["e\u0301\u0323", 1],
    ["😀", 2],
    ["👨‍👩‍👧‍👦", 2],
    ["👩🏽‍💻", 2],
    ["🇩🇪🇫🇷", 4],
    ["❤️", 2],
    ["1️⃣", 2],
    ["שלום", 4],
    ["ａ", 2],
    ["a\u200Bb\u0000", 2],
  ])("%s as %i", (text, width) => {
    expect(displayWidth(text)).toBe(width);
  });
});

function tableOf(markdown: string): Table {
  const [block] = parseMarkdown(markdown);
  if (block?.type !== "table") throw new Error("Expected a table");
  return block.table;
}

describe("A table", () => {
  const table = tableOf("| Name | Price | 城市 |\n|:--|--:|:-:|\n| 🍎 | 3 | 北京 |\n| שלום | 12 | x |");

  test("that fits stands aligned, whatever is written in it", () => {
    const aligned = alignTable(table, { maxWidth: 40, cellText: inlineText });
    expect(aligned?.split("\n")).toEqual([
      "Name | Price | 城市",
      "-----+-------+-----",
      "🍎   |     3 | 北京",
      "\u2068שלום\u2069 |    12 |  x",
    ]);
    for (const line of aligned?.split("\n") ?? []) expect(displayWidth(line)).toBeLessThanOrEqual(19);
  });

  test("that is too wide is a group of lines for each row", () => {
    expect(alignTable(table, { maxWidth: 15, cellText: inlineText })).toBeUndefined();
    const wide = "| Name | Price |\n|---|---|\n| **Apple** | 3 |\n| Pear | |\n| Plum | 5 | more |";
    expect(toPlainText(parseMarkdown(wide))).toBe("Name: Apple\nPrice: 3\n\nName: Pear\nPrice:\n\nName: Plum\nPrice: 5\nmore");
    expect(toPlainText(parseMarkdown("| a | b |\n|---|---|"))).toBe("a:\nb:");
  });
});

describe("Text without any markup", () => {
  test.each([
    ["headings and styles", "# A\n\n**b** *c* ~~d~~ ||e|| `f`", "A\n\nb c ~~d~~ ||e|| f"],
    [
      "addresses behind their labels",
      "[a](https://x.example) <https://y.example> ![i](https://z.example) [m](mailto:a@b.example)",
      "a (https://x.example) https://y.example i (https://z.example) m (a@b.example)",
    ],
    ["lists and tasks", "2. a\n3. b\n   - c\n\n     d\n\n- [ ] e\n- [x] f", "2. a\n3. b\n   • c\n\n      d\n\n☐ e\n☑ f"],
    ["quotes and code", "> a\n> > b\n\n```ts\n  c\n```", "> a\n> > b\n\n  c"],
    ["formulas as they were written", "so $x^2$\n\n\\[\na\n\\]", "so $x^2$\n\n\\[\na\n\\]"],
    ["rules and HTML", "a\n\n---\n\n<b>c</b>", "a\n\n──────────\n\n<b>c</b>"],
  ])("has %s", (_name, markdown, expected) => {
    expect(toPlainText(parseMarkdown(markdown))).toBe(expected);
  });

  test("has aligned tables where all letters are equally wide", () => {
    const table = "| a | b |\n|---|--:|\n| c | 10 |";
    expect(toPlainText(parseMarkdown(table), { alignedTableWidth: 20 })).toBe("a |  b\n--+---\nc | 10");
  });
});

/** What a chat with marks of its own needs besides plain text. */
const plain = plainText({ alignedTableWidth: 60 });
const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const chat: Dialect = {
  ...plain,
  inline: {
    ...plain.inline,
    text: ({ text }) => escape(text),
    strong: ({ content }, render) => `*${render.inlines(content)}*`,
    emphasis: ({ content }, render) => `_${render.inlines(content)}_`,
    strike: ({ content }, render) => `~${render.inlines(content)}~`,
    code: ({ text }) => `\`${escape(text)}\``,
    link: ({ address, content }, render) => `<${address}|${render.inlines(content)}>`,
  },
  block: {
    ...plain.block,
    heading: ({ content }, render) => `*${render.inlines(content)}*`,
    code: ({ text }) => `\`\`\`\n${escape(text)}\n\`\`\``,
    table: (node, render) => `\`\`\`\n${plain.block.table(node, render)}\n\`\`\``,
  },
};
const tag = (name: string, content: string): string => `<${name}>${content}</${name}>`;
const html: Dialect = {
  ...plain,
  between: () => "",
  inline: {
    ...chat.inline,
    strong: ({ content }, render) => tag("strong", render.inlines(content)),
    break: () => "<br>",
    link: ({ address, content }, render) => `<a href="${escape(address)}">${render.inlines(content)}</a>`,
  },
  block: {
    ...chat.block,
    heading: ({ level, content }, render) => tag(`h${level}`, render.inlines(content)),
    paragraph: ({ content }, render) => (render.depth > 1 ? render.inlines(content) : tag("p", render.inlines(content))),
    list: ({ list }, render) =>
      tag(list.isOrdered ? "ol" : "ul", list.items.map((item) => tag("li", render.blocks(item.blocks))).join("")),
  },
};

describe("A dialect says only what is different:", () => {
  const answer = parseMarkdown("# A & B\n\n**c** [d](https://x.example)\n- e\n  - `<f>`");

  test("marks of a chat's own", () => {
    expect(renderBlocks(answer, chat)).toBe("*A &amp; B*\n\n*c* <https://x.example|d>\n• e\n   • `&lt;f&gt;`");
  });

  test("HTML", () => {
    expect(renderBlocks(answer, html)).toBe(
      '<h1>A &amp; B</h1><p><strong>c</strong> <a href="https://x.example">d</a></p><ul><li>e<ul><li>`&lt;f&gt;`</li></ul></li></ul>',
    );
  });
});

test("A text runs from right to left where most of its letters do", () => {
  expect(["שלום world", "مرحبا بالعالم API", "hello שלום world", "123", ""].map(isRightToLeft)).toEqual([
    false,
    true,
    false,
    false,
    false,
  ]);
});
