import fc from "fast-check";

const word = fc.constantFrom(
  "alpha",
  "be",
  "gamma,",
  "delta.",
  "`code span`",
  "**bold words**",
  "[a link](https://example.test/a?b=c)",
  "你好，世界。",
  "naïve",
  "👩‍👩‍👧‍👦",
  "🇩🇪🇫🇷",
  "e\u0301\u0323",
  "\u{1F600}",
  "x",
  "a_b*c",
  "~",
  "``",
  "https://example.test/path",
  "supercalifragilisticexpialidocious",
);
const sentence = fc.array(word, { minLength: 1, maxLength: 14 }).map((words) => words.join(" "));
const paragraph = fc.array(sentence, { minLength: 1, maxLength: 4 }).map((lines) => lines.join("\n"));
const codeLine = fc.oneof(
  sentence,
  fc.constantFrom("", "    indented()", "\tif (a) {", "}", "~~", "# not a heading", "- not a list"),
);
const code = fc
  .record({
    marker: fc.constantFrom("```", "~~~", "````"),
    info: fc.constantFrom("", "ts", "python title=a"),
    indent: fc.constantFrom("", "  ", "      "),
    lines: fc.array(codeLine, { maxLength: 12 }),
    closed: fc.boolean(),
  })
  .map(({ marker, info, indent, lines, closed }) =>
    [`${indent}${marker}${info}`, ...lines.map((line) => indent + line), ...(closed ? [indent + marker] : [])].join("\n"),
  );
const list = fc.array(sentence, { minLength: 1, maxLength: 6 }).map((items) => items.map((item) => `- ${item}`).join("\n"));
const table = fc
  .array(fc.tuple(word, word), { minLength: 1, maxLength: 6 })
  .map((rows) => ["| a | b |", "|---|---|", ...rows.map(([a, b]) => `| ${a} | ${b} |`)].join("\n"));
const heading = sentence.map((text) => `## ${text}`);
const noise = fc.string({ unit: "binary", maxLength: 30 });
const space = fc.constantFrom(" ", "   ", "\n", "\t", "\r\n", "\u00a0");
const block = fc.oneof({ weight: 4, arbitrary: paragraph }, code, list, table, heading, noise, space);

/** Text as models write it, and some that they should not. */
export const markdown: fc.Arbitrary<string> = fc
  .array(fc.tuple(block, fc.constantFrom("\n\n", "\n", "\n\n\n", " ")), { maxLength: 8 })
  .map((blocks) => blocks.map(([text, gap]) => text + gap).join(""));
