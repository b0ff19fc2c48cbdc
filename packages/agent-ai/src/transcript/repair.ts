import type { AssistantEntry, CallPart, Entry, ResultsEntry } from "./entry.ts";

/** What stands in the place of a result that never came. */
export const lostResult = "This call did not finish: the work was stopped. What it did until then is not known.";

/** The calls that an assistant made in one step. */
export function callsOf(entry: AssistantEntry): readonly CallPart[] {
  return entry.parts.filter((part) => part.type === "call");
}

/**
 * A conversation in which every call has exactly one result, right behind it, and every result a call: what providers insist on. What has
 * lost its counterpart is dropped, or answered with `lost`.
 */
export function repaired(entries: readonly Entry[], lost: (call: CallPart) => string = () => lostResult): readonly Entry[] {
  const whole: Entry[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.kind === "results") continue;
    whole.push(entry);
    if (entry.kind !== "assistant") continue;
    const calls = callsOf(entry);
    if (calls.length > 0) whole.push(resultsFor(entry, calls, entries[index + 1], lost));
  }
  return whole;
}

function resultsFor(
  { turn }: AssistantEntry,
  calls: readonly CallPart[],
  next: Entry | undefined,
  lost: (call: CallPart) => string,
): ResultsEntry {
  const given = next?.kind === "results" ? next.results : [];
  const isWhole = given.length === calls.length && calls.every(({ id }, index) => given[index]?.id === id);
  if (next?.kind === "results" && isWhole) return next;
  const results = calls.map(
    (call) => given.find(({ id }) => id === call.id) ?? { id: call.id, name: call.name, text: lost(call), failed: true },
  );
  return { version: 1, kind: "results", turn, results };
}
