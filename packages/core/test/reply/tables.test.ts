import { expect, test } from "vitest";
import { utf16Length } from "../../src/index.ts";
import { scanLines } from "../../src/text/lines.ts";
import { answers } from "../text/answers.ts";
import { ScriptedServer } from "./scripted-server.ts";
import { contextOf, deltas, Simulation } from "./simulation.ts";

const options = { maxLength: 260, measure: utf16Length, idempotent: false, textsPerSend: 1 };
const rows = Array.from({ length: 30 }, (_, index) => `| row ${index} | **value** ${index} |`);
const table = `Prices:\n\n| name | value |\n|---|--:|\n${rows.join("\n")}\n\nThat is all.`;

test.each([
  ["edited", { edit: { minIntervalMs: 1000 } }],
  ["sent at the end", {}],
])("a table that is %s piece by piece has its head in every message, and every row once", (_name, capabilities) => {
  for (const size of [3, 17, 400]) {
    const server = new ScriptedServer(options);
    const simulation = new Simulation({
      context: contextOf({ text: { maxLength: 200, partsPerSend: 1, markdown: "full", tables: true }, ...capabilities }),
      server,
    }).play(deltas(table, size));
    simulation.expectSettled();
    const texts = server.messages.map((message) => message.text);
    const shown = texts.flatMap((text) => text.split("\n")).filter((line) => line.startsWith("| row"));
    expect(shown).toEqual(rows);
    for (const text of texts) {
      expect(text.length).toBeLessThanOrEqual(200);
      const headless = scanLines(text, null).filter((line) => line.kind === "text" && text.startsWith("| row", line.start));
      expect(headless).toEqual([]);
    }
  }
});

test("a table in a message that may only grow never changes what stands there", () => {
  for (const size of [1, 5, 23]) {
    const live = { mode: "append", maxLength: 200, minIntervalMs: 100 } as const;
    const server = new ScriptedServer({ ...options, live });
    const simulation = new Simulation({ context: contextOf({ live: true }), server }).play(deltas(table, size));
    simulation.expectSettled();
    expect(server.violations).toEqual([]);
    const texts = server.messages.map((message) => message.text);
    expect(texts.flatMap((text) => text.split("\n")).filter((line) => line.startsWith("| row"))).toEqual(rows);
  }
});

test.each(Object.entries(answers))("%s, streamed, stands there whole", (_name, answer) => {
  const server = new ScriptedServer(options);
  const context = contextOf({
    text: { maxLength: 260, partsPerSend: 1, markdown: "full", tables: true },
    edit: { minIntervalMs: 1000 },
  });
  new Simulation({ context, server }).play(deltas(answer, 7)).expectSettled();
  const standing = server.messages.map((message) => message.text).join("\n");
  let at = 0;
  for (const word of answer.match(/[\p{L}\p{N}]+/gu) ?? []) {
    const found = standing.indexOf(word, at);
    expect(found, `${word} is lost behind ${standing.slice(Math.max(0, at - 40), at)}`).toBeGreaterThanOrEqual(0);
    at = found + word.length;
  }
});
