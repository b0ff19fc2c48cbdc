import fc from "fast-check";
import { stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { addToHistory, historyPathOf, readHistory } from "../../src/cli/chat/history-file.ts";
import { InputHistory } from "../../src/cli/chat/input-history.ts";
import { InputLine, type InputResult } from "../../src/cli/chat/input-line.ts";
import { renderInput } from "../../src/cli/chat/input-view.ts";
import { KeyReader } from "../../src/cli/chat/keys.ts";
import { plain } from "../../src/cli/chat/style.ts";
import { temporaryHome } from "../temporary-home.ts";

const commands = [
  { name: "status", description: "what is going on" },
  { name: "stop", description: "stop what I am doing" },
  { name: "help", description: "this list" },
];

/** What is typed, and what comes of it. */
function typing(entries: readonly string[] = []) {
  const line = new InputLine(new InputHistory(entries, 500));
  line.commands = commands;
  const reader = new KeyReader();
  const type = (data: string): readonly InputResult[] =>
    reader
      .push(data)
      .map((key) => line.press(key))
      .filter(({ type }) => type !== "edited");
  const shown = (): readonly string[] => line.view(40, 24, plain).lines;
  return { type, shown, line };
}

const entered = (text: string): InputResult => ({ type: "entered", text });

describe("The line something is written in", () => {
  it("sends at Enter, and not where there is nothing to send", () => {
    expect(typing().type("hello\r  \r")).toEqual([entered("hello")]);
  });

  it("goes on in a new line behind a backslash, Ctrl-J, Alt-Enter and Shift-Enter", () => {
    expect(typing().type("a\\\rb\nc\u001B\rd\u001B[13;2ue\r")).toEqual([entered("a\nb\nc\nd\ne")]);
  });

  it("takes several lines that are pasted as one text, without what would steer a terminal", () => {
    const { type } = typing();
    expect(type("\u001B[200~one\rtwo\r\n\u001B[31mthree\n\u001B[201~")).toEqual([]);
    expect(type("\r")).toEqual([entered("one\ntwo\nthree")]);
  });

  it("takes keys wherever they are cut", () => {
    const keys = "ab\u001B[D\u001B[200~x\ry\u001B[201~\u001B[3~\u0001>\u001B[F<\u001B[1;5D!\u001Bb?\r";
    const whole = typing().type(keys);
    expect(whole).toHaveLength(1);
    fc.assert(
      fc.property(fc.array(fc.nat(keys.length), { maxLength: 8 }), (cuts) => {
        const { type } = typing();
        const places = [0, ...cuts.sort((a, b) => a - b), keys.length];
        expect(places.flatMap((at, index) => (index === 0 ? [] : type(keys.slice(places[index - 1], at))))).toEqual(whole);
      }),
    );
  });

  it("is moved in and deleted from by what people see as characters, and by words", () => {
    const { type, shown } = typing();
    type("one 👩‍👩‍👧é\u007F\u007F");
    expect(shown()).toEqual(["› one "]);
    type("two three\u0017\u0001\u000B");
    expect(shown()).toEqual(["› "]);
    type("\u0019!");
    expect(shown()).toEqual(["› one two !"]);
  });

  it("goes back in what was entered and forth to what was being written", () => {
    const { type, shown } = typing(["first", "second\nline"]);
    type("draft\u001B[A");
    expect(shown()).toEqual(["› second", "  line"]);
    type("\u001B[A\u001B[A\u001B[A");
    expect(shown()).toEqual(["› first"]);
    type("\u001B[B\u001B[B\u001B[B");
    expect(shown()).toEqual(["› draft"]);
  });

  it("completes the one command that is meant, and lists several with what they do", () => {
    const { type, shown } = typing();
    type("/h\t");
    expect(shown()).toEqual(["› /help "]);
    type("\u0015/\t");
    expect(shown()).toEqual(["› /", "  /status  what is going on", "  /stop    stop what I am doing", "  /help    this list"]);
    type("st\t");
    expect(shown()).toEqual(["› /st", "  /status  what is going on", "  /stop    stop what I am doing"]);
    type("\t\t");
    expect(shown()[0]).toBe("› /stop");
    type("\u001B[Z");
    expect(shown()[0]).toBe("› /status");
    expect(type("\r")).toEqual([entered("/status")]);
    type("no command\t");
    expect(shown()).toEqual(["› no command"]);
  });

  it("tells Ctrl-C, and Ctrl-D on an empty line only", () => {
    const { type } = typing();
    expect(type("a\u0004\u0003")).toEqual([{ type: "interrupt" }]);
    expect(type("\u007F\u0004")).toEqual([{ type: "end-of-input" }]);
  });

  it("knows the escape key from the beginning of a sequence", () => {
    const reader = new KeyReader();
    expect(reader.push("\u001B")).toEqual([]);
    expect(reader.isWaiting).toBe(true);
    expect(reader.flush()).toEqual([{ type: "escape" }]);
    expect(reader.push("\u001B[<0;1;2M\u001BOPx")).toEqual([{ type: "text", text: "x" }]);
  });

  it("shows all of a text within the width, with the cursor in its place, however wide the characters are", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "語", "\n", "\t", " ", "é", "👩‍👩‍👧"), maxLength: 60 });
    fc.assert(
      fc.property(text, fc.integer({ min: 8, max: 20 }), fc.integer({ min: 1, max: 6 }), (written, columns, rows) => {
        const { lines, cursor } = renderInput({ text: written, cursor: written.length }, columns, rows, plain);
        expect(lines.length).toBeLessThanOrEqual(rows);
        expect(cursor.row).toBeLessThan(lines.length);
        expect(cursor.column).toBeLessThanOrEqual(columns);
        const all = renderInput({ text: written, cursor: 0 }, columns, 1000, plain).lines;
        expect(all.map((line) => line.slice(2)).join("")).toBe(written.replaceAll("\n", "").replaceAll("\t", "    "));
      }),
    );
  });
});

describe("What was entered", () => {
  it("is kept for its owner only, 500 entries at most, several lines as one", async () => {
    const path = historyPathOf(await temporaryHome());
    for (const entry of ["one", "two\nlines", '"quoted', "same", "same"]) await addToHistory(path, entry);
    expect(await readHistory(path)).toEqual(["one", "two\nlines", '"quoted', "same"]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    await writeFile(path, Array.from({ length: 600 }, (_, index) => `entry ${index}\n`).join(""));
    await addToHistory(path, "newest");
    const entries = await readHistory(path);
    expect([entries.length, entries.at(-1), entries[0]]).toEqual([500, "newest", "entry 101"]);
  });

  it("is nothing where nothing can be read, and a line somebody wrote by hand is what it says", async () => {
    const path = join(await temporaryHome({ "gateway/chat-history": '"torn\nfine\n' }), "gateway", "chat-history");
    expect(await readHistory(path)).toEqual(['"torn', "fine"]);
    expect(await readHistory(`${path}-absent`)).toEqual([]);
  });
});
