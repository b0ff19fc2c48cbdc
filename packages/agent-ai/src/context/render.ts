import type { Entry } from "../transcript/entry.ts";

/** Of an old tool's output no more is summarised. */
const maxOutputLength = 600;
const maxTextLength = 12_000;

/** A conversation as one text, for the model that summarises it: old tool outputs pruned, the middle left out where it is too long. */
export function renderForSummary(entries: readonly Entry[], maxLength: number): string {
  const text = entries.flatMap(linesOf).join("\n\n");
  return middleCut(text, maxLength);
}

function linesOf(entry: Entry): readonly string[] {
  switch (entry.kind) {
    case "user":
      return [`PERSON: ${middleCut(entry.text, maxTextLength)}${(entry.images?.length ?? 0) > 0 ? " (with images)" : ""}`];
    case "assistant":
      return entry.parts.flatMap((part) => {
        if (part.type === "text") return part.text === "" ? [] : [`ASSISTANT: ${middleCut(part.text, maxTextLength)}`];
        return part.type === "call" ? [`TOOL CALL ${part.name}: ${middleCut(part.input, maxOutputLength)}`] : [];
      });
    case "results":
      return entry.results.map(({ name, text }) => `TOOL OUTPUT ${name}: ${middleCut(text, maxOutputLength)}`);
    case "compaction":
      return [`EARLIER SUMMARY: ${entry.summary}`];
  }
}

/** Beginning and end of a text that is too long. */
export function middleCut(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  const head = Math.ceil(maxLength * 0.6);
  const tail = Math.max(0, maxLength - head);
  const left = text.length - head - tail;
  return `${text.slice(0, head).toWellFormed()}\n[… ${left} characters left out …]\n${text.slice(head + left).toWellFormed()}`;
}
