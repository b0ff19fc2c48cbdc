/** What the filter holds between two pieces of text. JSON. */
export interface ReasoningFilterState {
  /** The tag whose block the text is in; null = outside. */
  readonly inside: string | null;
  /** Text that may turn out to be the beginning of a tag. */
  readonly held: string;
  /** Outside: nothing but white space since the start or the last line break. */
  readonly atLineStart: boolean;
  /** Outside: the white space right behind a block is not shown. */
  readonly skipsBlank: boolean;
}

export interface FilteredText {
  readonly state: ReasoningFilterState;
  readonly text: string;
  readonly reasoning: string;
}

const tags = ["think", "thinking", "reasoning", "thought", "reasoning_scratchpad"];
const longestTag = "</reasoning_scratchpad>".length;

export const emptyReasoningFilter: ReasoningFilterState = { inside: null, held: "", atLineStart: true, skipsBlank: false };

/**
 * Takes a model's reasoning out of its text: blocks in `<think>`, `<thinking>`, `<reasoning>`, `<thought>` and
 * `<REASONING_SCRATCHPAD>`, in any case, whose opening tag begins a line. Pieces may be cut anywhere.
 */
export function filterReasoning(state: ReasoningFilterState, delta: string): FilteredText {
  // Most text holds no tag and follows none.
  if (state.inside === null && state.held === "" && !state.skipsBlank && !delta.includes("<")) {
    return { state: atEndOf(state, delta), text: delta, reasoning: "" };
  }
  return walk(state, state.held + delta, false);
}

/** The end of the text: what was held back for a tag that did not come is text after all. */
export function endReasoning(state: ReasoningFilterState): FilteredText {
  return walk(state, state.held, true);
}

function walk(start: ReasoningFilterState, input: string, isEnd: boolean): FilteredText {
  let state: ReasoningFilterState = { ...start, held: "" };
  let rest = input;
  let text = "";
  let reasoning = "";
  while (rest !== "") {
    if (state.inside === null) {
      const step = outside(state, rest, isEnd);
      text += step.text;
      ({ state, rest } = step);
    } else {
      const step = insideOf(state, state.inside, rest, isEnd);
      reasoning += step.text;
      ({ state, rest } = step);
    }
    if (state.held !== "") break;
  }
  return { state, text, reasoning };
}

interface Walk {
  readonly state: ReasoningFilterState;
  readonly text: string;
  readonly rest: string;
}

function outside(before: ReasoningFilterState, input: string, isEnd: boolean): Walk {
  const trimmed = before.skipsBlank ? input.trimStart() : input;
  if (trimmed === "") return { state: before, text: "", rest: "" };
  const state = before.skipsBlank ? { ...before, skipsBlank: false, atLineStart: true } : before;
  for (let at = trimmed.indexOf("<"); at !== -1; at = trimmed.indexOf("<", at + 1)) {
    const text = trimmed.slice(0, at);
    if (!atEndOf(state, text).atLineStart) continue;
    const rest = trimmed.slice(at);
    const tag = openingTag(rest);
    if (tag !== undefined) return { state: { ...state, inside: tag.name }, text, rest: rest.slice(tag.length) };
    if (!isEnd && mayBecome(rest, tags.map((name) => `<${name}>`))) return { state: { ...atEndOf(state, text), held: rest }, text, rest: "" };
  }
  return { state: atEndOf(state, trimmed), text: trimmed, rest: "" };
}

function insideOf(state: ReasoningFilterState, tag: string, input: string, isEnd: boolean): Walk {
  const closing = `</${tag}>`;
  const at = input.toLowerCase().indexOf(closing);
  if (at !== -1) {
    const after = { inside: null, held: "", atLineStart: true, skipsBlank: true };
    return { state: after, text: input.slice(0, at), rest: input.slice(at + closing.length) };
  }
  const tailStart = Math.max(input.lastIndexOf("<"), input.length - longestTag);
  if (!isEnd && tailStart >= 0 && input[tailStart] === "<" && mayBecome(input.slice(tailStart), [closing])) {
    return { state: { ...state, held: input.slice(tailStart) }, text: input.slice(0, tailStart), rest: "" };
  }
  return { state, text: input, rest: "" };
}

function openingTag(text: string): { readonly name: string; readonly length: number } | undefined {
  const match = /^<([a-z_]{5,20})>/iu.exec(text);
  const name = match?.[1]?.toLowerCase();
  return match !== null && name !== undefined && tags.includes(name) ? { name, length: match[0].length } : undefined;
}

function mayBecome(text: string, wanted: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return wanted.some((tag) => tag.length > lower.length && tag.startsWith(lower));
}

/** The state behind `text`, which holds no tag. */
function atEndOf(state: ReasoningFilterState, text: string): ReasoningFilterState {
  if (text === "") return state;
  const line = text.slice(text.lastIndexOf("\n") + 1);
  const isBlank = line.trim() === "";
  const atLineStart = isBlank && (state.atLineStart || text.includes("\n"));
  return atLineStart === state.atLineStart ? state : { ...state, atLineStart };
}
