import { describe, expect, test } from "vitest";
import { emptyReasoningFilter, endReasoning, filterReasoning, healMarkdown, splitMarkdown, utf16Length } from "../src/index.ts";
import { ScriptedServer } from "./reply/scripted-server.ts";
import { contextOf, deltas, Simulation } from "./reply/simulation.ts";

const length = 100_000;
const times = (text: string): string => text.repeat(Math.ceil(length / text.length));

const hostile: Readonly<Record<string, string>> = {
  "unpaired surrogates": times("\uD800\uDC00\uD800 "),
  "a line without a space": times("a"),
  "nested quotes": `${">".repeat(5000)} a`,
  "nested lists": `${"- ".repeat(5000)}a`,
  "lists nested line by line": Array.from({ length: 300 }, (_, index) => `${"  ".repeat(index)}- a`).join("\n"),
  "a table of 500 columns": `${"|a".repeat(500)}|\n${"|-".repeat(500)}|\n${`${"|b".repeat(500)}|\n`.repeat(20)}`,
  "a table of 3000 rows": `| a | b |\n|---|---|\n${"| c | d |\n".repeat(3000)}`,
  "a table that goes on in one row": `| a |\n|---|\n| ${"b ".repeat(20_000)}|`,
  "heads of tables without rows": times("| a |\n|---|\n"),
  "letters with hundreds of marks": times(`a${"\u0301".repeat(500)}`),
  "bidirectional controls": times("\u202Ea\u2066b\u2069"),
  "a fence that nobody closes": `\`\`\`ts\n${times("x\n")}`,
  "many fences": times("```\na\n```\n"),
  "unclosed marks": times("**a _b [c](~~d ||e `f"),
  "empty lines": `a${times("\n")}b`,
  spaces: `a${times(" ")}b`,
  pipes: times("|\n"),
};

const visible = (text: string): string => text.replace(/[\s`>|-]/gu, "");

describe("Bad text is cut with a few measurements a message, and loses nothing:", () => {
  test.each(Object.entries(hostile))("%s", (_name, source) => {
    for (const maxLength of [400, 4096]) {
      let calls = 0;
      const measure = (text: string): number => {
        calls += 1;
        return text.length;
      };
      const parts = splitMarkdown(source, { maxLength, measure });
      expect(
        parts
          .map((part) => source.slice(part.start, part.end))
          .join("")
          .trim(),
      ).toBe(source.trim());
      for (const { text } of parts) expect(utf16Length(text)).toBeLessThanOrEqual(maxLength);
      expect(calls).toBeLessThan(60 * parts.length + 60);
    }
  });
});

describe("Bad text that is half-written is shown:", () => {
  test.each(Object.entries(hostile))("%s", (_name, source) => {
    for (const end of [1, 7, 100, 5000, source.length - 1]) {
      const healed = healMarkdown(source.slice(0, end));
      expect(healed.covered).toBeLessThanOrEqual(end);
    }
  });
});

describe("A whole answer of bad text stands there in the end:", () => {
  test.each(Object.entries(hostile))("%s", (_name, source) => {
    const answer = source.slice(0, 6000);
    const server = new ScriptedServer({ maxLength: 1000, measure: utf16Length, idempotent: false, textsPerSend: 1 });
    const context = contextOf({
      text: { maxLength: 1000, partsPerSend: 1, markdown: "full", tables: true },
      edit: { minIntervalMs: 1000 },
    });
    const simulation = new Simulation({ context, server }).play(deltas(answer, 97));
    simulation.expectSettled();
    const standing = visible(server.messages.map((message) => message.text).join("\n"));
    // The head of a table stands in each of its messages.
    expect(standing.length).toBeGreaterThanOrEqual(visible(answer).length);
  });

  test.each([
    ["white space", " \n\t\n".repeat(500)],
    ["reasoning", `<think>\n${"hm ".repeat(2000)}</think>\n`],
    ["reasoning that never ends", `<think>\n${"hm ".repeat(2000)}`],
  ])("only %s is nothing to show", (_name, source) => {
    const server = new ScriptedServer({ maxLength: 1000, measure: utf16Length, idempotent: false, textsPerSend: 1 });
    const simulation = new Simulation({ context: contextOf({ edit: { minIntervalMs: 1000 } }), server }).play(deltas(source, 50));
    expect(simulation.state.parts.every((part) => part.state === "sent" && part.refs.length === 0)).toBe(true);
    expect(server.messages).toEqual([]);
  });

  test("thousands of tags of reasoning are one block within the other", () => {
    let state = emptyReasoningFilter;
    let shown = "";
    for (const piece of ["<think>\n".repeat(2000), "hidden\n", "</think>\n".repeat(2000), "shown"]) {
      const filtered = filterReasoning(state, piece);
      ({ state } = filtered);
      shown += filtered.text;
    }
    expect(shown + endReasoning(state).text).toBe("shown");
  });
});
