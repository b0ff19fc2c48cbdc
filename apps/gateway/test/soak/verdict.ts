import type { Heard } from "./manner.ts";

const mark = "(This may be a repetition.)\n\n";

/** What is wrong with a chat, in messages; `strange` in texts that no agent wrote. */
export interface Verdict {
  /** Reached no agent, or have no answer though nobody cut it off. */
  readonly lost: number;
  readonly disordered: number;
  /** Were in more than one turn. */
  readonly shared: number;
  readonly marked: number;
  readonly unmarked: number;
  readonly strange: number;
  /** What no answer stands for since the person went on talking. */
  readonly cut: number;
}

/** Compares what was said in a chat, `message 1` to `message {said}`, with what agents heard and with what stands there. */
export function judge(said: number, heard: readonly Heard[], texts: readonly string[]): Verdict {
  const answers = texts.map((text) => numbersIn(text.replace(mark, ""), /^echo: /u));
  const shown = new Set(answers.flat());
  const turns = turnsByNumber(heard);
  const cut = new Set(heard.filter(({ isCut }) => isCut).flatMap(({ text }) => numbersIn(text)));
  const all = Array.from({ length: said }, (_, index) => index + 1);
  const isLost = (number: number): boolean => !turns.has(number) || (!shown.has(number) && !cut.has(number));
  return {
    lost: all.filter(isLost).length,
    disordered: disorderIn(answers) + disorderIn([...new Set(heard.map(({ text }) => text))].map((text) => numbersIn(text))),
    shared: all.filter((number) => (turns.get(number)?.size ?? 0) > 1).length,
    ...repetitions(texts, answers),
    strange: answers.filter((numbers) => numbers.length === 0).length,
    cut: all.filter((number) => !isLost(number) && !shown.has(number)).length,
  };
}

/** None where it is not made of messages, each on a line of its own. */
function numbersIn(text: string, begin = /^/u): readonly number[] {
  if (!begin.test(text)) return [];
  const numbers = text
    .replace(begin, "")
    .split("\n")
    .map((line) => Number(/^message (\d+)$/u.exec(line)?.[1]));
  return numbers.some(Number.isNaN) ? [] : numbers;
}

function turnsByNumber(heard: readonly Heard[]): ReadonlyMap<number, ReadonlySet<string>> {
  const turns = new Map<number, Set<string>>();
  for (const { text, turn } of heard) {
    for (const number of numbersIn(text)) turns.set(number, (turns.get(number) ?? new Set()).add(turn));
  }
  return turns;
}

/** Messages that stand for the first time behind later ones. */
function disorderIn(groups: readonly (readonly number[])[]): number {
  const order = [...new Set(groups.flat())];
  let highest = 0;
  let disordered = 0;
  for (const number of order) {
    if (number < highest) disordered += 1;
    highest = Math.max(highest, number);
  }
  return disordered;
}

function repetitions(
  texts: readonly string[],
  answers: readonly (readonly number[])[],
): { readonly marked: number; readonly unmarked: number } {
  const seen = new Set<number>();
  let [marked, unmarked] = [0, 0];
  for (const [index, numbers] of answers.entries()) {
    const again = numbers.filter((number) => seen.has(number)).length;
    if (texts[index]?.startsWith(mark) === true) marked += again;
    else unmarked += again;
    for (const number of numbers) seen.add(number);
  }
  return { marked, unmarked };
}
