import { codePointLength } from "@hermes/core";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encode, isBlank, measure } from "../src/encode.ts";
import { readMarkdown } from "./server.ts";

const ada = "1001000000000000042";

describe("Markdown on Discord:", () => {
  test.each([
    ["text that is plain stays so", "hello there", "hello there"],
    ["styles", "**bold** *it* ~~no~~ ||boo||", "**bold** *it* ~~no~~ ||boo||"],
    ["headings, of which there are three", "# a\n\n## b\n\n### c\n\n#### d", "# a\n\n## b\n\n### c\n\n**d**"],
    ["lists in lists, and tasks", "* a\n  * b\n\n1. c\n2. d\n\n- [x] e", "- a\n  - b\n\n1. c\n2. d\n\n- ☑ e"],
    ["quotes", "> a\n> b", "> a\n> b"],
    ["code, with its language", "```ts\nconst a = 1\n```\n\n`b`", "```ts\nconst a = 1\n```\n\n`b`"],
    ["code that holds a mark of code", "`` a`b ``", "``a`b``"],
    ["links by their labels", "[tea](https://tea.example/a_b)", "[tea](https://tea.example/a_b)"],
    ["bare links as they are", "see https://tea.example/a_b_c.", "see https://tea.example/a_b_c."],
    ["links of other kinds in words", "[me](mailto:ada@tea.example)", String.raw`me (ada@tea.example)`],
    [
      "a label that claims another address, with the true one behind",
      "[https://a.example](https://b.example)",
      "https://a.example (https://b.example/)",
    ],
    ["pictures as links", "![tea](https://tea.example/t.png)", "[tea](https://tea.example/t.png)"],
    ["tables as aligned text", "| a | b |\n|---|--:|\n| c | 10 |", "```\na |  b\n--+---\nc | 10\n```"],
    ["rules as a line", "a\n\n---\n\nb", "a\n\n──────────\n\nb"],
    ["HTML as text", "<b>a</b>", String.raw`\<b>a\</b>`],
  ])("%s", (_what, markdown, shown) => {
    expect(encode(markdown)).toBe(shown);
  });

  test.each([
    ["everybody", "hello @everyone and @here", String.raw`hello \@everyone and \@here`],
    ["somebody", `hello <@${ada}>`, String.raw`hello \<@${ada}>`],
    ["a role", `hello <@&${ada}>`, String.raw`hello \<@&${ada}>`],
    ["a channel", `in <#${ada}>`, String.raw`in \<#${ada}>`],
    ["an emoji of a server", `<:tea:${ada}>`, String.raw`\<\:tea:${ada}>`],
    ["an emoji by its name", "so :smile: it is", String.raw`so \:smile: it is`],
    ["a command", `</tea:${ada}>`, String.raw`\</tea:${ada}>`],
    ["a time", "<t:1767225600:R>", String.raw`\<t\:1767225600:R>`],
    ["marks", String.raw`2\*3 snake_case_name a|b ~x [1]`, String.raw`2\*3 snake\_case\_name a\|b \~x \[1\]`],
  ])("a text that looks like %s stays text", (_what, markdown, shown) => {
    expect(encode(markdown)).toBe(shown);
  });

  test.each(["a\n\\# b", "a\n\\- b", "a\n1\\. b", "a\n\\> b", "a\n\\-# b"])("a line of %j begins nothing", (markdown) => {
    const shown = readMarkdown(encode(markdown));
    expect(shown).toBe(markdown.replace("\\", ""));
  });

  test("only who may be pinged is", () => {
    const other = "1001000000000000043";
    expect(encode(`<@${ada}> and <@!${other}> and <@&${ada}>`, [ada])).toBe(
      String.raw`<@${ada}> and \<@!${other}> and \<@&${ada}>`,
    );
  });

  test.each([
    [`https://tea.example/a<@${ada}>`, String.raw`<https://tea.example/a>\<@${ada}>`],
    ["**https://tea.example/a**", "**<https://tea.example/a>**"],
    ["(see https://tea.example/a).", "(see https://tea.example/a)."],
  ])("a bare link ends where it ends: %s", (markdown, shown) => {
    expect(encode(markdown)).toBe(shown);
  });

  test("a fence in code ends nothing", () => {
    const shown = encode("````\n```\nlook\n```\n````");
    expect(shown.match(/```/gu)).toHaveLength(2);
    expect(readMarkdown(shown)).toContain("look");
  });

  test("halves of characters and control characters are not sent", () => {
    expect(encode("a\uD83Db\u0000c\u0007")).toBe("a\uFFFDbc");
  });

  test.each(["", "  \n ", "\u200B", "[](https://)"])("%j shows nothing", (markdown) => {
    expect(isBlank(encode(markdown))).toBe(markdown !== "[](https://)");
  });
});

const fragments = fc.constantFrom(
  ..."*_`~|[]()<>&\\#-+=.!:@\n aé漢".split(""),
  "😀",
  "**",
  "||",
  "```",
  "\n\n",
  "\n- ",
  "\n1. ",
  "\n> ",
  "\n# ",
  "@everyone",
  `<@${ada}>`,
  `<@&${ada}>`,
  ":smile:",
  "https://tea.example/a_b",
  "[a](https://tea.example)",
  "word",
  "\n| a | b |\n|---|---|\n| c | d |\n",
  "`a`",
);
const markdownLike = fc.array(fragments, { maxLength: 60 }).map((parts) => parts.join(""));

describe("Whatever is written,", () => {
  test("measure says how many code points are sent, and twice the same", () => {
    fc.assert(
      fc.property(markdownLike, (markdown) => {
        expect(measure(markdown)).toBe(codePointLength(encode(markdown)));
        expect(encode(markdown)).toBe(encode(markdown));
      }),
    );
  });

  test("it pings nobody, and names nobody", () => {
    fc.assert(
      fc.property(markdownLike, (markdown) => {
        expect(readMarkdown(encode(markdown))).not.toMatch(/\[(?:person|role|channel|time)\b/u);
      }),
    );
  });

  test("its words survive, in order", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,8}$/u), { minLength: 1, maxLength: 20 });
    const marked = fc.constantFrom("**", "*", "~~", "||", "`", "_", "");
    fc.assert(
      fc.property(words, marked, (list, mark) => {
        const markdown = list.map((word) => `${mark}${word}${mark}`).join(" ");
        expect(readMarkdown(encode(markdown)).split(/\s+/u)).toEqual(list);
      }),
    );
  });

  test("text without marks comes out as it went in", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-zA-Z0-9 ,.!?äöü漢字😀'"()/%=;-]{1,80}$/u), (text) => {
        const line = text.replaceAll(/\s+/gu, " ").trim();
        fc.pre(!/^(?:[-+=]|\d+[.)])/u.test(line));
        expect(readMarkdown(encode(line))).toBe(line);
      }),
    );
  });
});
