import type { Entry } from "../transcript/entry.ts";
import { estimateText } from "./estimate.ts";

const imageTokens = 1500;
const entryTokens = 4;

/** About how many tokens an entry takes in a prompt. */
export function tokensOfEntry(entry: Entry): number {
  switch (entry.kind) {
    case "user":
      return entryTokens + estimateText(entry.text) + (entry.images?.length ?? 0) * imageTokens;
    case "assistant":
      return (
        entryTokens +
        entry.parts.reduce((sum, part) => sum + estimateText(part.type === "call" ? part.name + part.input : part.text), 0)
      );
    case "results":
      return entry.results.reduce((sum, { text }) => sum + entryTokens + estimateText(text), 0);
    case "compaction":
      return entryTokens + estimateText(entry.summary);
  }
}
