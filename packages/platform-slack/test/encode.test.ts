import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { emojiOf, reactionEmojis, reactionName } from "../src/capabilities/reaction-emojis.ts";
import { contentOf, measure } from "../src/encode.ts";
import { notificationText, toMrkdwn } from "../src/encode/mrkdwn.ts";
import { slackMarkdown } from "../src/encode/slack-markdown.ts";
import { checkTables, pingsIn } from "./server/blocks.ts";

const table = "| a | b |\n|---|--:|\n| 1 | 2 |";
/** Pieces of what agents write, and of what attackers make them write. */
const piece = fc.oneof(
  fc.constantFrom(
    "<!channel>",
    "<!here|x>",
    "<@U0ADA>",
    "<@U0ADA|ada>",
    "<!subteam^S1>",
    "<",
    "`",
    "``",
    "\\",
    "\n",
    "\n\n",
    "> ",
    "- ",
    "    ",
  ),
  fc.constantFrom(
    "```\n",
    "~~~\n",
    "\n```",
    table,
    `\n${table}\n`,
    "|",
    "**b**",
    "<https://example.com>",
    "<https://a.example|b>",
    "&lt;",
    "😀",
    "\uD83D",
  ),
  fc.string({ maxLength: 5 }),
);
const markdown = fc.array(piece, { maxLength: 25 }).map((pieces) => pieces.join(""));

describe("Nobody is pinged by accident:", () => {
  test("not by any text", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(pingsIn(slackMarkdown(text))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test("not by the beginning that a notification shows, nor by a comment on a file", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        expect(pingsIn(notificationText(text))).toEqual([]);
        expect(pingsIn(toMrkdwn(text, []))).toEqual([]);
      }),
    );
  });

  test("and who may be pinged is, but nobody else, and not in code", () => {
    const options = { mentions: ["U0ADA"] };
    expect(pingsIn(slackMarkdown("hi <@U0ADA> and <@U0GRACE> and <!here>", options))).toEqual(["U0ADA"]);
    expect(pingsIn(slackMarkdown("`<@U0ADA>`\n```\n<@U0ADA>\n```", options))).toEqual([]);
    expect(pingsIn(toMrkdwn("hi <@U0ADA> and <@U0GRACE>", ["U0ADA"]))).toEqual(["U0ADA"]);
  });
});

test("The text beside the blocks is short, plain, and no half of a character", () => {
  fc.assert(
    fc.property(markdown, (text) => {
      const shown = notificationText(text);
      expect(shown.replaceAll(/&(?:lt|gt|amp);/gu, "x").length).toBeLessThanOrEqual(301);
      expect(shown.isWellFormed()).toBe(true);
      expect(shown.trim()).not.toBe("");
      expect(shown).not.toMatch(/[<>]/u);
    }),
  );
  expect(notificationText(`# Title\n\n**bold** <@U0ADA> & ${"😀".repeat(400)}`)).toMatch(
    /^Title bold &lt;@U0ADA&gt; &amp; (?:😀)+…$/u,
  );
});

describe("Text survives:", () => {
  test("what has nothing to hide goes as it is", () => {
    for (const text of [
      "a **b** _c_ ~~d~~",
      "# A\n\n- b\n  - c",
      "```ts\nconst a = b < c && d > e;\n```",
      `x\n\n${table}\n\ny`,
      "<https://example.com/a?b=1&c=2>",
    ]) {
      expect(slackMarkdown(text)).toBe(text);
    }
  });

  test("tags and comparisons are shown, not taken for markup", () => {
    expect(slackMarkdown("a < b, <b>bold</b> \\<i>")).toBe("a &lt; b, &lt;b>bold&lt;/b> &lt;i>");
    expect(slackMarkdown("a link <https://evil.example|https://good.example>")).toContain("&lt;https://evil.example|");
    expect(slackMarkdown("use `List<String>` and `<!channel>`")).toBe("use `List<String>` and `<\u200B!channel>`");
  });

  test("every visible character stands there, in order", () => {
    const words = fc.array(fc.stringMatching(/^[a-z0-9 <>`\\|\n-]{0,12}$/u), { maxLength: 12 }).map((parts) => parts.join(""));
    const bare = (text: string): string => text.replaceAll("&lt;", "<").replaceAll(/[^a-z0-9]/gu, "");
    fc.assert(
      fc.property(words, (text) => {
        expect(bare(slackMarkdown(text))).toBe(bare(text));
      }),
    );
  });

  test("a second table, which Slack refuses, stands aligned as code", () => {
    const text = slackMarkdown(`${table}\n\nthen\n\n${table}\n\nend`);
    expect(() => checkTables(text)).not.toThrow();
    expect(text).toBe(`${table}\n\nthen\n\n\`\`\`\na | b\n--+--\n1 | 2\n\`\`\`\n\nend`);
  });

  test("a table beyond Slack's limits is no table of Slack's", () => {
    const wide = [0, 1, 2]
      .map((row) => `|${Array.from({ length: 21 }, (_, column) => (row === 1 ? "-" : String(column))).join("|")}|`)
      .join("\n");
    const long = `| a |\n|---|\n${Array.from({ length: 100 }, (_, row) => `| ${row} |`).join("\n")}`;
    for (const text of [wide, long]) {
      expect(slackMarkdown(text)).toContain("```");
      expect(slackMarkdown(text)).not.toContain("|---");
    }
  });

  test("text that is no Unicode is made so", () => {
    expect(slackMarkdown("a\uD83D b\u0000\r\n")).toBe("a\uFFFD b\n");
  });
});

describe("A text that is still being written", () => {
  test("only grows, whatever comes, and ends as the whole", () => {
    fc.assert(
      fc.property(markdown, fc.array(fc.nat(), { maxLength: 8 }), (text, cuts) => {
        let shown = "";
        for (const cut of cuts.map((one) => one % (text.length + 1)).toSorted((a, b) => a - b)) {
          const next = slackMarkdown(text.slice(0, cut), { isPartial: true });
          expect(next.startsWith(shown)).toBe(true);
          shown = next;
        }
        expect(slackMarkdown(text).startsWith(shown)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("waits with a table, a piece of code and a half-written mark, and with nothing else", () => {
    const partial = (text: string): string => slackMarkdown(text, { isPartial: true });
    expect(partial("some words")).toBe("some words");
    expect(partial("a\n| b | c |\n|---|---|\n| 1 | 2")).toBe("a\n");
    expect(partial("use `Li")).toBe("use ");
    expect(partial("hi <@U0A")).toBe("hi ");
    expect(partial("```ts\nconst a = b < c; // <!ch")).toBe("```ts\nconst a = b < c; // ");
  });
});

describe("What is measured", () => {
  test("is what is sent, and never less than with people who may be pinged", () => {
    fc.assert(
      fc.property(markdown, (text) => {
        const content = contentOf({ markdown: text, actions: [], mentions: [] });
        if (typeof content === "string") return;
        expect(content.blocks).toEqual([{ type: "markdown", text: slackMarkdown(text) }]);
        expect(measure(text)).toBe(slackMarkdown(text).length);
        expect(slackMarkdown(text, { mentions: ["U0ADA"] }).length).toBeLessThanOrEqual(measure(text));
      }),
    );
  });

  test("takes little time, also of what nobody would write", () => {
    for (const text of [
      "`".repeat(12_000),
      "<".repeat(12_000),
      "|\n".repeat(6000),
      "a|\n-|\n".repeat(2000),
      "\\".repeat(12_000),
      "<@".repeat(6000),
    ]) {
      const startedAt = performance.now();
      slackMarkdown(text);
      slackMarkdown(text, { isPartial: true });
      expect(performance.now() - startedAt).toBeLessThan(1000);
    }
  });
});

describe("An emoji", () => {
  test("has one name, which leads back to it", () => {
    for (const emoji of reactionEmojis) expect(emojiOf(reactionName(emoji) ?? "")).toBe(emoji);
    expect(reactionName("❤")).toBe("heart");
    expect(reactionName("👍🏽")).toBe("+1::skin-tone-4");
    expect(emojiOf("party-parrot")).toBe(":party-parrot:");
    expect(reactionName(":party-parrot:")).toBe("party-parrot");
    expect(reactionName("not an emoji")).toBeUndefined();
  });
});
