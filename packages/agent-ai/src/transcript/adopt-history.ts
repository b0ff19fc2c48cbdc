import { emptyReasoningFilter, endReasoning, filterReasoning, type HistoryEntry } from "@hermes/core";
import type { Entry } from "./entry.ts";

/** Stands before what a person says after an answer that was cut off, so that the model knows. */
export const cutOffNote = "(Your answer before this was cut off there.)";

/**
 * What the history knows and the transcript does not: turns of another agent, and what was said in a turn that was cut off. As entries to
 * add behind the transcript. Of what lies before the transcript's own turns nothing is taken: a summary stands for it, or it was never known.
 */
export function missingFrom(entries: readonly Entry[], history: readonly HistoryEntry[]): readonly Entry[] {
  const known = new Set(entries.map(({ turn }) => turn));
  const lastKnown = history.findLastIndex(({ turnId }) => known.has(turnId));
  if (lastKnown < 0 && entries.length > 0) return [];
  return history.flatMap(({ role, text, turnId }, index): readonly Entry[] => {
    if (known.has(turnId)) {
      const isLast = role === "assistant" && index === lastKnown;
      return isLast ? saidOf(turnId, unsaid(entries, turnId, text)) : [];
    }
    if (index < lastKnown || text === "") return [];
    return role === "user" ? [{ version: 1, kind: "user", turn: turnId, text }] : saidOf(turnId, text);
  });
}

/** What was shown of a turn beyond what its entries say. Empty where the two do not fit together. */
export function unsaid(entries: readonly Entry[], turnId: string, shown: string): string {
  const said = entries
    .filter(({ turn }) => turn === turnId)
    .flatMap((entry) => (entry.kind === "assistant" ? entry.parts : []))
    .flatMap((part) => (part.type === "text" ? [readable(part.text)] : []))
    .join("");
  const known = said.replaceAll(/\s/gu, "");
  let at = 0;
  let found = 0;
  // Breaks between what was said differ from place to place: only what can be read is compared.
  for (; at < shown.length && found < known.length; at += 1) {
    const character = shown.charAt(at);
    if (/\s/u.test(character)) continue;
    if (character !== known[found]) return "";
    found += 1;
  }
  return found < known.length ? "" : shown.slice(at).trim();
}

function saidOf(turn: string, text: string): readonly Entry[] {
  return text === "" ? [] : [{ version: 1, kind: "assistant", turn, by: "", parts: [{ type: "text", text }] }];
}

/** What people read of a text: some models write their thoughts into it. */
function readable(text: string): string {
  const { state, text: shown } = filterReasoning(emptyReasoningFilter, text);
  return shown + endReasoning(state).text;
}
