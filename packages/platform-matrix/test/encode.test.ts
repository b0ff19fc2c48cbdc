import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { capabilityTable } from "../src/capabilities.ts";
import { encode, lengthOf, measure } from "../src/encode.ts";
import { editContent, textContent, wordsOf } from "../src/encode/content.ts";

const nowhere = { threadId: undefined, quote: undefined, latest: undefined };
const html = (markdown: string, mentions: readonly string[] = []): string | undefined => encode(markdown, mentions).formattedBody;

describe("Markdown", () => {
  test.each([
    ["# Title", "<h1>Title</h1>"],
    ["**a** *b* ~~c~~ `d`", "<p><strong>a</strong> <em>b</em> <del>c</del> <code>d</code></p>"],
    ["- a\n- b\n  1. c", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>"],
    ["3. x\n4. y", '<ol start="3"><li>x</li><li>y</li></ol>'],
    ["- [x] done\n- [ ] open", "<ul><li>☑ done</li><li>☐ open</li></ul>"],
    ["> quoted", "<blockquote><p>quoted</p></blockquote>"],
    ["```ts\nlet a = 1 < 2;\n```", '<pre><code class="language-ts">let a = 1 &lt; 2;</code></pre>'],
    [
      "| a | b |\n|---|---|\n| 1 | *2* |",
      "<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>1</td><td><em>2</em></td></tr></tbody></table>",
    ],
    ["||secret||", "<p><span data-mx-spoiler>secret</span></p>"],
    ["[a](https://x.example/?a=1&b=2)", '<p><a href="https://x.example/?a=1&amp;b=2">a</a></p>'],
    ["[a](javascript:alert(1))", "<p>a</p>"],
    ["[a](https://user:pass@x.example)", "<p>a</p>"],
    ["![cat](https://x.example/c.png)", '<p><a href="https://x.example/c.png">cat</a></p>'],
    ['<img src="x" onerror="a"> **b**', "<p>&lt;img src=&quot;x&quot; onerror=&quot;a&quot;&gt; <strong>b</strong></p>"],
    ["---\n\n**a**", "<hr><p><strong>a</strong></p>"],
  ])("%j becomes HTML that clients show", (markdown, expected) => {
    expect(html(markdown)).toBe(expected);
  });

  test("without any markup is a body alone", () => {
    expect(encode("just words, 1 < 2", [])).toMatchObject({ body: "just words, 1 < 2" });
    expect(encode("just words", []).formattedBody).toBeUndefined();
  });

  test("nested deeper than clients follow stays within their depth", () => {
    const deep = html(`${">".repeat(300)} deep`) ?? "";
    expect(deep.split("<blockquote>").length).toBeLessThan(100);
    expect(deep).toContain("deep");
  });
});

describe("A person", () => {
  const ada = "@ada:example.org";
  test("who may be named is a pill and is notified", () => {
    const encoded = encode(`hello [Ada](https://matrix.to/#/${ada})`, [ada]);
    expect(encoded).toEqual({
      body: "hello Ada",
      formattedBody: '<p>hello <a href="https://matrix.to/#/%40ada%3Aexample.org">Ada</a></p>',
      mentioned: [ada],
    });
    expect(wordsOf(encoded)["m.mentions"]).toEqual({ user_ids: [ada] });
  });

  test("who may be named is notified by their id in the text, and not where they are not in it", () => {
    expect(encode(`hello ${ada}`, [ada]).mentioned).toEqual([ada]);
    expect(encode("hello", [ada]).mentioned).toEqual([]);
  });

  test("who may not be named stands there as text, and nobody is notified", () => {
    const encoded = encode(`hello [Ada](https://matrix.to/#/${ada})`, []);
    expect(encoded).toMatchObject({ formattedBody: "<p>hello Ada</p>", mentioned: [] });
    expect(wordsOf(encoded)["m.mentions"]).toEqual({});
  });

  test("is not notified again by each edit", () => {
    const content = editContent({ msgtype: "m.notice", ...wordsOf(encode(`hello ${ada}`, [ada])) }, "$x");
    expect(content["m.mentions"]).toEqual({});
    expect(content["m.new_content"]).toMatchObject({ "m.mentions": { user_ids: [ada] } });
  });
});

describe("A relation", () => {
  const encoded = encode("x", []);
  const relation = (more: object): unknown => textContent(encoded, "m.notice", { ...nowhere, ...more })["m.relates_to"];

  test("says the thread, with an answer for clients without threads", () => {
    expect(relation({ threadId: "$root" })).toEqual({
      rel_type: "m.thread",
      event_id: "$root",
      is_falling_back: true,
      "m.in_reply_to": { event_id: "$root" },
    });
    expect(relation({ threadId: "$root", latest: "$last" })).toMatchObject({ "m.in_reply_to": { event_id: "$last" } });
  });

  test("says what is quoted, in a thread and outside", () => {
    expect(relation({ quote: "$q" })).toEqual({ "m.in_reply_to": { event_id: "$q" } });
    expect(relation({ threadId: "$root", quote: "$q", latest: "$last" })).toMatchObject({
      is_falling_back: false,
      "m.in_reply_to": { event_id: "$q" },
    });
  });

  test("is none where there is nothing to relate to", () => {
    expect(relation({})).toBeUndefined();
  });
});

/** What Markdown is made of, and what breaks it. */
const fragments = [
  ..."*_`~|[]()<>&\\#-+=.!:\n\t \r@/{}1aé漢\u0000\u200D\u0301\u2028\uD83D\uDE00\"'".split(""),
  "😀",
  "**",
  "```",
  "\n- ",
  "\n> ",
  "\n# ",
  "\n1. ",
  "[a](",
  "](https://x.example)",
  "](https://matrix.to/#/@ada:example.org)",
  "<b>",
  "</b>",
  "<!--",
  '" onclick="',
  "@room",
  "@ada:example.org",
  "\n| a | b |\n|---|---|\n| ",
  "word",
  "javascript:",
];
const markdown = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join(""));
const allowed =
  /^<\/?(?:del|h[1-6]|blockquote|p|a|ul|ol|li|strong|em|code|hr|br|table|thead|tbody|tr|th|td|pre|span|div)(?: (?:href="(?:https?:|mailto:|matrix:)[^"<>]*"|start="\d+"|class="language-[^"<>]*"|data-mx-spoiler|data-mx-maths="[^"<>]*"))?>$/u;

/** Whether clients take a link for a person: by the place it leads to, not by what stands somewhere in it. */
function namesSomebody(href: string): boolean {
  const { protocol, hostname, hash } = new URL(href.replaceAll("&amp;", "&"));
  if (protocol === "matrix:") return true;
  return /(?:^|\.)matrix\.to\.?$/u.test(hostname) && /^#\/*(?:@|%(?:25)*40)/u.test(hash);
}

describe("Whatever an agent writes", () => {
  test("becomes HTML of the tags that the specification lists, every one closed", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const found = html(text) ?? "";
        const open: string[] = [];
        for (const [tag] of found.matchAll(/<[^>]*>|[<>]/gu)) {
          expect(tag).toMatch(allowed);
          const name = /^<\/?(\w+)/u.exec(tag)?.[1] ?? "";
          if (tag.startsWith("</")) expect(open.pop()).toBe(name);
          else if (name !== "br" && name !== "hr") open.push(name);
        }
        expect(open).toEqual([]);
      }),
    );
  });

  test("names nobody by accident", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const encoded = encode(text, []);
        expect(encoded.mentioned).toEqual([]);
        for (const [, href = ""] of (encoded.formattedBody ?? "").matchAll(/href="([^"]*)"/gu))
          expect(namesSomebody(href), href).toBe(false);
      }),
    );
  });

  test("is no longer than it is measured, and loses no word", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(lengthOf(encode(text, []))).toBeLessThanOrEqual(measure(text));
        // On a line of its own: behind the beginning of a code block it would name the block's language.
        expect(encode(`${text}\n\nkept`, []).body).toContain("kept");
        expect(encode(text, []).body.isWellFormed()).toBe(true);
      }),
    );
  });

  test("fits into an event at the limit, also as an edit that names as many as it may", () => {
    const { maxLength } = capabilityTable.text;
    const people = Array.from({ length: 20 }, (_, index) => `@${String(index).padStart(200, "p")}:example.org`);
    const names = people
      .slice(0, 10)
      .map((person) => `[x](https://matrix.to/#/${person})`)
      .join(" ");
    let text = names;
    while (measure(`${text} **"漢"** \\"`) <= maxLength) text += ' **"漢"** \\"';
    const encoded = encode(text, people);
    expect(encoded.mentioned).toHaveLength(10);
    const content = editContent({ msgtype: "m.notice", ...wordsOf(encoded) }, `$${"e".repeat(254)}`);
    // What servers put around it takes less than 4 kB.
    expect(Buffer.byteLength(JSON.stringify(content))).toBeLessThan(65_536 - 4096 + 2048);
    expect(lengthOf(encoded)).toBeGreaterThan(maxLength - 200);
  });
});
