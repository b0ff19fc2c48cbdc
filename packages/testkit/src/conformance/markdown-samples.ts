const words = ["tea", "größer", "漢字", "👩‍👩‍👧", "e\u0301", "a<b>&c", "1.", "x_y_z", "2*3*4", "C:\\path", "#1", "snow", "word"];

/** Numbers that look random and are the same on every machine. */
function createNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Texts of all forms that agents write, each no longer than `maxLength` in UTF-16 units. The same at every call. */
export function markdownSamples(count: number, maxLength: number): readonly string[] {
  const number = createNumbers(20_260_101);
  const word = (): string => words[number(words.length)] ?? "";
  const phrase = (): string => Array.from({ length: 1 + number(4) }, word).join(" ");
  const forms: readonly (() => string)[] = [
    phrase,
    () => `${phrase()} **${phrase()}** ${phrase()}`,
    () => `_${word()}_ and *${word()}* and ~~${word()}~~`,
    () => `Use \`${word()}\` for ${phrase()}`,
    () => `[${word()}](https://example.com/a?b=1&c=2)`,
    () => `- ${phrase()}\n- ${phrase()}\n  - ${phrase()}`,
    () => `1. ${phrase()}\n2. ${phrase()}`,
    () => `> ${phrase()}`,
    () => `## ${phrase()}`,
    () => `\`\`\`ts\nconst tea = "${word()}";\n\`\`\``,
    () => `${word()} ** ${word()} \` ${word()} [ ${word()}`,
  ];
  const form = (): string => (forms[number(forms.length)] ?? phrase)();
  return Array.from({ length: count }, () => {
    const blocks = Array.from({ length: 1 + number(4) }, form);
    while (blocks.length > 1 && blocks.join("\n\n").length > maxLength) blocks.pop();
    const text = blocks.join("\n\n");
    return text.length <= maxLength ? text : "tea";
  });
}
