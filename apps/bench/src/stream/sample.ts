/** Kinds of answers: running prose, what a model writes about code, and tables one after the other. */
export const samples = {
  prose:
    "A message comes in from a platform, is admitted or refused, is stored, becomes a command or a turn of an agent, and the answer " +
    "goes back out. Whoever asks twice is answered twice; whoever is not let in is told nothing at all.\n\n",
  markdown: [
    "### How it works\n\nThe **store** takes it first, then *somebody* reads it:\n\n",
    "- one list item with `code` in it\n- another one, with a [link](https://example.org/a/page)\n\n",
    "```ts\nexport function answer(text: string): string {\n  return `echo: ${text}`;\n}\n```\n\n",
    "| key | value |\n|---|---|\n| one | 1 |\n| two | 2 |\n\nAnd so it goes on, with 1 < 2 and a_snake_case_name.\n\n",
  ].join(""),
  tables: [
    "## Stations\n\n| station | line | opened | remark |\n|---|---|---:|---|\n",
    ...Array.from(
      { length: 30 },
      (_, row) => `| Station ${row} | **line ${row % 7}** | ${1900 + row} | rebuilt, \`code ${row}\` |\n`,
    ),
    "\nThat is the list.\n\n",
  ].join(""),
} as const;

export type SampleName = keyof typeof samples;

export const sampleNames = ["prose", "markdown", "tables"] as const satisfies readonly SampleName[];

/** A sample said again and again, up to this many characters. */
export function answerOf(name: SampleName, length: number): string {
  const sample = samples[name];
  return sample.repeat(Math.ceil(length / sample.length)).slice(0, length);
}

/** A text in pieces of `size` characters, as a model streams it. */
export function inPieces(text: string, size: number): readonly string[] {
  return Array.from({ length: Math.ceil(text.length / size) }, (_, index) => text.slice(index * size, (index + 1) * size));
}
