import type { Entry } from "../transcript/entry.ts";

/** Entries that must stay together: a call and its results. */
export function groupsOf(entries: readonly Entry[]): readonly (readonly Entry[])[] {
  const groups: Entry[][] = [];
  for (const entry of entries) {
    const open = groups.at(-1);
    if (entry.kind === "results" && open !== undefined) open.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

/**
 * The newest entries that take `maxTokens` at most, without parting a call from its results. The newest group stays, however large. A summary
 * at the beginning stays as well: it stands for most.
 */
export function newestWithin(entries: readonly Entry[], maxTokens: number, tokensOf: (entry: Entry) => number): readonly Entry[] {
  const [first] = entries;
  const summary = first?.kind === "compaction" ? [first] : [];
  const groups = groupsOf(entries.slice(summary.length));
  let used = summary.reduce((sum, entry) => sum + tokensOf(entry), 0);
  let start = groups.length;
  for (; start > 0; start -= 1) {
    const size = (groups[start - 1] ?? []).reduce((sum, entry) => sum + tokensOf(entry), 0);
    if (used + size > maxTokens && start < groups.length) break;
    used += size;
  }
  return [...summary, ...groups.slice(start).flat()];
}
