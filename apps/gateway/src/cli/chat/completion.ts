import type { CommandInfo } from "@hermes/protocol";
import { cutText, oneLine, padText, textWidth } from "../ledger/text-width.ts";
import type { Draft } from "./editor.ts";
import type { Style } from "./style.ts";

const maxShown = 8;

/** Commands that may be meant, and the one that stands in the line now. */
export interface Completion {
  readonly candidates: readonly CommandInfo[];
  /** -1: none is chosen yet. */
  readonly chosen: number;
}

/** Begins to complete the command a draft consists of; undefined where it is none. */
export function complete(
  draft: Draft,
  commands: readonly CommandInfo[],
): { readonly text: string; readonly completion?: Completion } | undefined {
  const typed = /^\/(?<name>[\w-]*)$/u.exec(draft.text)?.groups?.["name"];
  if (typed === undefined || draft.cursor !== draft.text.length) return undefined;
  const candidates = commands.filter(({ name }) => name.startsWith(typed));
  const [first] = candidates;
  if (first === undefined) return undefined;
  if (candidates.length === 1) return { text: `/${first.name} ` };
  return { text: `/${commonStart(candidates.map(({ name }) => name))}`, completion: { candidates, chosen: -1 } };
}

/** Chooses the next one, or the one before. */
export function chooseNext(
  { candidates, chosen }: Completion,
  by: 1 | -1,
): { readonly text: string; readonly completion: Completion } {
  const next = chosen === -1 && by === -1 ? candidates.length - 1 : (chosen + by + candidates.length) % candidates.length;
  return { text: `/${candidates[next]?.name ?? ""}`, completion: { candidates, chosen: next } };
}

function commonStart(names: readonly string[]): string {
  const [first = ""] = names;
  let length = first.length;
  while (!names.every((name) => name.startsWith(first.slice(0, length)))) length -= 1;
  return first.slice(0, length);
}

/** The candidates with what they do, the chosen one standing out. */
export function renderCompletion({ candidates, chosen }: Completion, columns: number, style: Style): readonly string[] {
  const from = Math.max(0, Math.min(chosen - maxShown + 1, candidates.length - maxShown));
  const shown = candidates.slice(from, from + maxShown);
  const width = Math.max(...candidates.map(({ name }) => textWidth(name))) + 1;
  const lines = shown.map(({ name, description }, index) => {
    const isChosen = from + index === chosen;
    const said = cutText(`${padText(`/${oneLine(name)}`, width)}  ${oneLine(description)}`, Math.max(10, columns - 2));
    return `  ${style.paint(said, [isChosen ? "prompt" : "dim"])}`;
  });
  const more = candidates.length - shown.length;
  return more > 0 ? [...lines, style.paint(`  … ${more} more`, ["dim"])] : lines;
}
