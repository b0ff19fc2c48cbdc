import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinBlocks } from "../../src/cli/chat/blocks.ts";
import { renderMarkdown } from "../../src/cli/chat/markdown/render.ts";
import { Splitter } from "../../src/cli/chat/markdown/splitter.ts";
import { renderInput } from "../../src/cli/chat/input-view.ts";
import { Screen } from "../../src/cli/chat/screen.ts";
import { colours } from "../../src/cli/chat/style.ts";
import { TextFlow } from "../../src/cli/chat/text-flow.ts";
import { Transcript } from "../../src/cli/chat/transcript.ts";
import { ScreenModel } from "./screen-model.ts";

const [columns, rows] = [40, 12];
const layout = { columns: () => columns - 1 };
const block = fc.constantFrom(
  "A paragraph that is long enough to be wrapped at the width of a small terminal, with **bold** and `code`.\n",
  "## A heading\n",
  "Setext\n===\n",
  "- one\n- two\n  - nested\n",
  "- loose\n\n- list\n\n  with a paragraph\n",
  "1. first\n2. second\n",
  "```js\nconst a = 1;\n\n\tindented();\n```\n",
  "~~~\n```\nnot closed by backticks\n~~~\n",
  `\`\`\`\n${Array.from({ length: 30 }, (_, line) => `line ${line}\n`).join("")}\`\`\`\n`,
  "> quoted\n> twice\n",
  "| a | b |\n|---|:-:|\n| 東京 | 2 |\n",
  "---\n",
  "    indented code\n",
  "<div>html</div>\n",
  "第二项宽字符第二项宽字符第二项宽字符第二项宽字符\n",
  "text\n```\nfence behind a text\n```\n",
  "👩‍👩‍👧 é *emphasis\nover two lines*\n",
  "`open **and** never closed\n",
  "\n",
  "- ```\n  fence in a list\n  ```\n",
);
const noise = fc.string({
  unit: fc.constantFrom("a", " ", "\n", "*", "`", "_", "-", "#", ">", "|", "1.", "\t", "\u001B[31m", "\r\n", "語"),
  maxLength: 30,
});
const markdown = fc.array(fc.oneof({ weight: 3, arbitrary: block }, noise), { maxLength: 12 }).map((blocks) => blocks.join("\n"));
const cuts = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 40 });

function pieces(text: string, sizes: readonly number[]): readonly string[] {
  const cut: string[] = [];
  for (let at = 0, index = 0; at < text.length; index += 1) {
    const size = sizes[index % sizes.length] ?? 1;
    cut.push(text.slice(at, at + size));
    at += size;
  }
  return cut;
}

const shown = (text: string, deltas: readonly string[], height = rows): { model: ScreenModel; texts: readonly string[] } => {
  const model = new ScreenModel(columns, height);
  const screen = new Screen({ write: (data) => model.write(data), columns: () => columns, rows: () => height });
  const transcript = new Transcript(layout, colours);
  const place = { session_key: "s", seq: 1, message_id: "m" };
  const texts: string[] = [];
  const draw = (): void => {
    const lines = transcript.take();
    const input = renderInput({ text: "typed ahead", cursor: 5 }, columns - 1, 3, colours);
    const open = transcript.open("*");
    const live = [...open, "", ...input.lines].slice(-height);
    screen.draw(lines, { lines: live, cursor: { row: live.length - 1, column: input.cursor.column } });
    texts.push(model.text);
  };
  draw();
  for (const delta of deltas) {
    transcript.apply({ type: "chat.delta", ...place, part: 0, delta });
    draw();
  }
  transcript.apply({ type: "chat.done", ...place, outcome: "finished", text, timestamp: "2026-01-01T00:00:00.000Z" });
  draw();
  return { model, texts };
};

describe("An answer that grows", () => {
  it("stands there in the end as if it had come at once, however it came: nothing lost, torn or shown twice", () => {
    fc.assert(
      fc.property(markdown, cuts, (text, sizes) => {
        const grown = shown(text, pieces(text, sizes));
        expect(grown.model.faults).toEqual([]);
        expect(grown.model.text).toBe(shown(text, [text], 200).model.text);
        expect(grown.model.cursor.column).toBe(7);
      }),
      { numRuns: 300 },
    );
  });

  it("never takes back a line that has scrolled away", () => {
    fc.assert(
      fc.property(markdown, cuts, (text, sizes) => {
        const { model } = shown(text, pieces(text, sizes));
        const whole = shown(text, [text], 400).model.text.split("\n");
        expect(model.scrolled).toEqual(whole.slice(0, model.scrolled.length));
      }),
      { numRuns: 100 },
    );
  });

  it("reads, block by block, as the Markdown it is", () => {
    const closed = fc.array(block, { minLength: 1, maxLength: 10 }).map((blocks) => blocks.join("\n"));
    fc.assert(
      fc.property(closed, cuts, (text, sizes) => {
        const flow = new TextFlow(layout, colours);
        const blocks = [...pieces(text, sizes).flatMap((piece) => flow.push(piece)), ...flow.end()];
        const words = (lines: readonly string[]): string =>
          stripVTControlCharacters(lines.filter((line) => line !== "").join("\n"));
        expect(words(joinBlocks(undefined, blocks))).toBe(words(renderMarkdown(text, columns - 1, colours)));
      }),
      { numRuns: 300 },
    );
  });

  it("is cut into pieces that are together the whole text", () => {
    fc.assert(
      fc.property(markdown, cuts, (text, sizes) => {
        const clean = text.replaceAll("\r\n", "\n");
        const splitter = new Splitter();
        const settled = [...pieces(clean, sizes).flatMap((piece) => splitter.push(piece)), ...splitter.end()];
        expect(settled.map(({ raw }) => raw).join("")).toBe(clean);
      }),
    );
  });
});
