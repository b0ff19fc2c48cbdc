import * as fc from "fast-check";

/** What Markdown is made of, and what breaks it. */
export const fragments: readonly string[] = [
  ..."*_`~|[]()<>&\\#-+=.!:\n\t \r@/{}$1aé漢\u200D\u0301\u2028\u202E\u0000\uD83D\uDE00".split(""),
  ..."😀 ** __ ~~ || ``` [a]( ](https://example.com) ![i]( <b> </b> <br> &lt; &#128512; &amp [x] word @someone".split(" "),
  ..."$x_1$ $5 \\( \\) \\[ \\] https://example.com/a_b שלום".split(" "),
  "\n\n",
  "\n- ",
  "\n  - ",
  "\n1. ",
  "\n> ",
  "\n# ",
  "\n    ",
  "\n\n---\n\n",
  "\n$$\na*b\n$$\n",
  "\n| a | b |\n|---|:-:|\n| ",
  " | ",
  "[x]: https://a.example\n",
  "\n```js\n",
  "  \n",
];

/** Texts that look like Markdown, and some that are anything at all. */
export const markdownLike: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((parts) => parts.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
);
