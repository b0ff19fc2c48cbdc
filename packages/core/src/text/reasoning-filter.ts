import { fenceLine, openedFence } from "./fence.ts";
import { fenceAfterLine } from "./lines.ts";

/** What the filter remembers between two pieces of text. JSON. */
export interface ReasoningFilterState {
  /** Names of the blocks that are open, outermost first. */
  readonly open: readonly string[];
  /** Text that may turn out to be the beginning of a tag. */
  readonly held: string;
  /** The visible line so far, as far as it matters: whether it is blank, and whether it may become a fence. */
  readonly line: string;
  /** The line that opened the code fence we are in; tags in code are text. Empty = none. */
  readonly fence: string;
  /** Inside a block: the line so far is blank. */
  readonly blank: boolean;
  /** The white space right behind a block is not shown. */
  readonly skipsBlank: boolean;
}

export interface FilteredText {
  readonly state: ReasoningFilterState;
  /** What the reader sees. */
  readonly text: string;
  /** What the model said to itself, without the tags. */
  readonly reasoning: string;
}

const names = ["think", "thinking", "reasoning", "thought", "reasoning_scratchpad"];
const openingTags = names.map((name) => `<${name}>`);
const longestTag = "</reasoning_scratchpad>".length;
/** Enough of a line to tell a fence by. */
const longestLine = 200;

export const emptyReasoningFilter: ReasoningFilterState = {
  open: [],
  held: "",
  line: "",
  fence: "",
  blank: true,
  skipsBlank: false,
};

/**
 * Takes a model's reasoning out of its text, however the stream is cut: blocks in `<think>`, `<thinking>`, `<reasoning>`,
 * `<thought>` and `<REASONING_SCRATCHPAD>`, in any case. An opening tag counts at the start of a line, outside of code; blocks
 * nest; a tag inside a sentence is text.
 */
export function filterReasoning(state: ReasoningFilterState, delta: string): FilteredText {
  const isPlain = state.open.length === 0 && state.held === "" && !state.skipsBlank && !delta.includes("<");
  if (isPlain) return { state: passText(state, delta), text: delta, reasoning: "" };
  const input = state.held + delta;
  let filtered: FilteredText = { state: { ...state, held: "" }, text: "", reasoning: "" };
  for (let at = 0; at < input.length;) {
    const bracket = input.indexOf("<", at);
    filtered = pass(filtered, input.slice(at, bracket === -1 ? input.length : bracket));
    if (bracket === -1) break;
    const tag = tagAt(filtered.state, input, bracket);
    if (tag === "incomplete") return { ...filtered, state: { ...filtered.state, held: input.slice(bracket) } };
    if (tag === undefined) filtered = pass(filtered, "<");
    else filtered = { ...filtered, state: { ...filtered.state, open: tag.open, blank: true, skipsBlank: tag.open.length === 0 } };
    at = bracket + (tag?.length ?? 1);
  }
  return filtered;
}

/** The end of the text, or of a segment of it: what was held back for a tag that did not come is what it looks like. Blocks stay open. */
export function endReasoning(state: ReasoningFilterState): FilteredText {
  const inside = state.open.length > 0;
  return {
    state: { ...emptyReasoningFilter, open: state.open },
    text: inside ? "" : state.held,
    reasoning: inside ? state.held : "",
  };
}

interface Tag {
  /** The blocks that are open behind it. */
  readonly open: readonly string[];
  readonly length: number;
}

/** The tag at `at`, if it counts there. */
function tagAt(state: ReasoningFilterState, input: string, at: number): Tag | "incomplete" | undefined {
  const atLineStart = state.open.length > 0 ? state.blank : state.fence === "" && state.line.trim() === "";
  const candidates = [...(atLineStart ? openingTags : []), ...state.open.map((name) => `</${name}>`)];
  const ahead = input.slice(at, at + longestTag).toLowerCase();
  const tag = candidates.find((candidate) => ahead.startsWith(candidate));
  if (tag === undefined) {
    const isCut = at + ahead.length === input.length;
    return isCut && candidates.some((candidate) => candidate.startsWith(ahead)) ? "incomplete" : undefined;
  }
  const name = tag.replace(/[</>]/gu, "");
  // A closing tag ends the blocks inside its own as well.
  const open = tag.startsWith("</") ? state.open.slice(0, state.open.lastIndexOf(name)) : [...state.open, name];
  return { open, length: tag.length };
}

/** Text without a tag, as the reader's or as the model's own. */
function pass(filtered: FilteredText, plain: string): FilteredText {
  if (plain === "") return filtered;
  const { state, text, reasoning } = filtered;
  if (state.open.length > 0) return { state: passReasoning(state, plain), text, reasoning: reasoning + plain };
  if (!state.skipsBlank) return { state: passText(state, plain), text: text + plain, reasoning };
  const visible = plain.trimStart();
  if (visible === "") return filtered;
  return { state: passText({ ...state, skipsBlank: false }, visible), text: text + visible, reasoning };
}

function passReasoning(state: ReasoningFilterState, plain: string): ReasoningFilterState {
  const lineStart = plain.lastIndexOf("\n") + 1;
  const blank = plain.slice(lineStart).trim() === "" && (lineStart > 0 || state.blank);
  return blank === state.blank ? state : { ...state, blank };
}

function passText(state: ReasoningFilterState, plain: string): ReasoningFilterState {
  let { line } = state;
  let fence = openedFence(state.fence);
  let at = 0;
  for (let lineBreak = plain.indexOf("\n"); lineBreak !== -1; lineBreak = plain.indexOf("\n", at)) {
    fence = fenceAfterLine(tellingPart(line + plain.slice(at, lineBreak)), fence);
    line = "";
    at = lineBreak + 1;
  }
  line = tellingPart(line + plain.slice(at));
  const open = fence === null ? "" : fenceLine(fence);
  return line === state.line && open === state.fence ? state : { ...state, line, fence: open };
}

/** What tells whether a line is blank or a fence: the same, however the line arrived. */
function tellingPart(line: string): string {
  const text = line.trimStart();
  const indentation = line.slice(0, Math.min(line.length - text.length, longestLine));
  if (text === "") return indentation;
  return /^[`~\-*+\d]/u.test(text) ? indentation + text.slice(0, longestLine) : "x";
}
