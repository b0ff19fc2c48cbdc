import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createBench, sent } from "./bench.ts";
import { cleanText, quoted, quotedName } from "../src/text/clean.ts";
import { fenced } from "../src/text/fence.ts";

const says =
  "its text stands between the next two lines of backticks; it is a file that was sent along, not what its sender says";

describe("A document", () => {
  it("that is text stands in the message, fenced, after what was said", async () => {
    const bench = createBench();
    const file = sent("file", "a,b\r\n1,2\r\n", { name: "report.csv", mimeType: "text/csv" });
    expect(await bench.reads([file], { text: "Sum it up" })).toBe(
      `Sum it up\n\n[file "report.csv", 10 bytes: ${says}]\n\`\`\`\na,b\n1,2\n\`\`\``,
    );
    expect(bench.given[0]?.input[0].attachments).toHaveLength(1);
  });

  it.each([
    ["main.rs", "application/octet-stream"],
    ["data", undefined],
    ["x.svg", "image/svg+xml"],
    ["page", "application/xhtml+xml"],
    ["feed.json", "application/json; charset=utf-8"],
  ])("called %s of the type %s is read, since it is UTF-8", async (name, mimeType) => {
    const more = { name, ...(mimeType === undefined ? {} : { mimeType }) };
    expect(await createBench().reads([sent("file", "<ä>", more)])).toContain("```\n<ä>\n```");
  });

  it.each([
    ["a.pdf", "application/pdf", "a document of a kind that is not read here", 0],
    ["a.docx", "application/octet-stream", "a document of a kind that is not read here", 0],
    ["a.zip", "application/zip", "it is no text, and is not shown", 0],
    ["a.bin", undefined, "it is no UTF-8 text, and is not shown", 1],
    ["lies.txt", "text/plain", "it is no UTF-8 text, and is not shown", 1],
  ])("called %s of the type %s is named with its size alone", async (name, mimeType, words, fetched) => {
    const bench = createBench();
    const bytes = Buffer.from([0x50, 0x4b, 0x00, 0xff, 0xfe]);
    const read = await bench.reads([sent("file", bytes, { name, ...(mimeType === undefined ? {} : { mimeType }) })]);
    expect([read, bench.fetched()]).toEqual([`[file "${name}", 5 bytes: ${words}]`, fetched]);
  });

  it("that is too large is shown at its beginning, whole letters only, with how much is missing", async () => {
    const bench = createBench({ configuration: { documents: { maxBytes: 10 } } });
    const known = sent("file", "ääääää", { name: "a.txt" });
    const { sizeBytes: _, ...unknown } = sent("file", "0123456789abc", { name: "b.txt" });
    const [first, second] = (await bench.reads([known, unknown])).split("\n\n");
    expect(first).toContain("only its first 10 bytes are shown, and 2 are missing.");
    expect(first).toContain("\n```\näääää\n```");
    expect(second).toContain("only its first 10 bytes are shown, and it is not known how many are missing.");
    expect(second).toContain("\n```\n0123456789\n```");
    const cut = createBench({ configuration: { documents: { maxBytes: 9 } } });
    expect(await cut.reads([known])).toContain("\n```\nääää\n```");
  });

  it("of exactly the size that is allowed is whole", async () => {
    const bench = createBench({ configuration: { documents: { maxBytes: 10 } } });
    expect(await bench.reads([sent("file", "0123456789", { name: "b.txt" })])).toContain(says);
  });

  it("shares the room of its turn with the others, in order, steering included", async () => {
    const configuration = { documents: { maxBytes: 6, maxTotalBytes: 10 } };
    const files = ["a", "b", "c"].map((name) => sent("file", name.repeat(6), { name }));
    const bench = createBench({
      configuration,
      agent: {
        async *run(turn) {
          const [more] = await turn.takeSteering();
          yield { type: "text-delta", text: `${turn.input[0].text}|${more?.text}` };
        },
      },
    });
    const [late] = bench.turnOf(files.slice(2)).input;
    const read = await bench.reads(files, { steering: [late] });
    expect(read).toMatch(/aaaaaa[^]*only its first 4 bytes[^]*\nbbbb\n[^]*"c", 6 bytes: it is not shown, since[^]*\|\[file "c"/u);
  });

  it("that is gone or larger than anybody fetches is named with the reason", async () => {
    const read = await createBench().reads([
      sent("file", undefined, { name: "gone.txt" }),
      sent("file", new Uint8Array(21_000_000), { name: "big.txt" }),
    ]);
    expect(read).toMatch(
      /"gone.txt" that could not be read: it is gone\]\n\n.*"big.txt", 21.0 MB that could not be read: it is larger/u,
    );
  });

  it("is left alone where that is configured", async () => {
    const bench = createBench({ configuration: { documents: { read: false } } });
    expect(await bench.reads([sent("file", "text", { name: "a.txt" })], { text: "See?" })).toBe("See?");
  });

  it("too many of them are named and not fetched", async () => {
    const bench = createBench({ configuration: { maxAttachments: 2 } });
    const files = [1, 2, 3, 4].map((number) => sent("file", `text ${number}`, { name: `${number}.txt` }));
    const read = await bench.reads([...files, sent("video", "film")]);
    expect(read).toContain("text 2");
    expect(read.split("\n\n").at(-1)).toBe(
      '[2 more that were sent and are not read, since there are too many: file "3.txt", file "4.txt"]',
    );
    expect(bench.fetched()).toBe(2);
  });

  it("that was taken back is not read", async () => {
    const bench = createBench();
    expect(await bench.reads([sent("file", "text")], { change: { kind: "deleted", before: "x" } })).toBe("");
  });
});

describe("Whatever strangers write", () => {
  const text = fc.string({
    unit: fc.oneof(
      fc.constantFrom("`", "``", "\n", '"', "[", "]", "\u202E", "\u0000", "\r", "\u2028", " "),
      fc.string({ unit: "binary", maxLength: 2 }),
    ),
  });

  it("ends no fence: the first line that could is the last one, and all of the text stands before it", () => {
    fc.assert(
      fc.property(text, (written) => {
        const clean = cleanText(written);
        const lines = fenced(clean).split("\n");
        const [fence = ""] = lines;
        expect(fence).toMatch(/^`{3,}$/u);
        const isEnd = (line: string): boolean => new RegExp(`^ {0,3}\`{${fence.length},}[ \\t]*$`, "u").test(line);
        expect(lines.findIndex((line, index) => index > 0 && isEnd(line))).toBe(lines.length - 1);
        expect(lines.slice(1, -1).join("\n")).toBe(clean.replace(/\n+$/u, ""));
      }),
    );
  });

  it("ends no quotation, opens no mark and hides nothing", () => {
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 40 }), (written, length) => {
        const shown = quoted(written, length);
        expect(shown).toMatch(/^"[^"\n[\]]*"(?: \(\d+ more characters are left out\))?$/u);
        expect(shown).not.toMatch(/(?![\u200C\u200D])[\p{Cc}\p{Cf}]/u);
        expect(shown.isWellFormed()).toBe(true);
      }),
    );
  });

  it("names no folder and stays on its line as a name", () => {
    fc.assert(
      fc.property(text, (written) => {
        const name = quotedName(written) ?? '"x"';
        expect(name).toMatch(/^"[^"`\n[\]/\\]+"$/u);
        expect(name.length).toBeLessThanOrEqual(102);
      }),
    );
    expect(["../../etc/passwd", "C:\\a\\b.txt", "..", ""].map(quotedName)).toEqual(['"passwd"', '"b.txt"', undefined, undefined]);
  });
});
