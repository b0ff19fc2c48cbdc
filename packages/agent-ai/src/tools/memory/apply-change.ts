import { cleanText } from "../clean-text.ts";
import { entrySeparator, memoryLimits, type MemoryChange } from "./provider.ts";

/** Words that stand around prompts of models or give orders to them: a note that holds them is no note. */
const suspicious =
  /<\/?\s*(?:untrusted_data|system|assistant|user|tool)\b|<\|[^|\n]{0,40}\|>|\[\/?INST\]|(?:ignore|disregard|forget)\s+(?:all\s+|any\s+)?(?:previous|prior|earlier|above)\s+(?:instructions|messages|rules)/iu;

/** The entries after a change, or why it cannot be made: a sentence for the model. */
export function applyChange(entries: readonly string[], change: MemoryChange): readonly string[] | string {
  switch (change.action) {
    case "add": {
      const text = tidied(change.text);
      if (typeof text !== "string") return text.refusal;
      if (entries.includes(text)) return "That is noted already.";
      return withinLimit([...entries, text], change);
    }
    case "replace": {
      const text = tidied(change.text);
      if (typeof text !== "string") return text.refusal;
      const index = find(entries, change.old);
      return typeof index === "string" ? index : withinLimit(entries.toSpliced(index, 1, text), change);
    }
    case "remove": {
      const index = find(entries, change.old);
      return typeof index === "string" ? index : entries.toSpliced(index, 1);
    }
  }
}

function tidied(text: string): string | { readonly refusal: string } {
  const clean = cleanText(text).trim();
  if (clean === "") return { refusal: "There is nothing to note." };
  if (clean.includes("§")) return { refusal: "A note cannot hold the character §: it stands between notes." };
  if (suspicious.test(clean))
    return { refusal: "That reads like an instruction to a model, not like a note. Note facts in plain words." };
  return clean;
}

function find(entries: readonly string[], old: string): number | string {
  const found = entries.flatMap((entry, index) => (old !== "" && entry.includes(old) ? [index] : []));
  const [first, second] = found;
  if (first === undefined) return "No note holds `old_text`. Read the notes, and take a part of the one that is meant.";
  return second === undefined ? first : "Several notes hold `old_text`. Take a longer part of the one that is meant.";
}

function withinLimit(entries: readonly string[], { target }: MemoryChange): readonly string[] | string {
  const limit = memoryLimits[target];
  const length = entries.join(entrySeparator).length;
  if (length <= limit) return entries;
  return `The notes would have ${length} characters, and ${limit} is the most. Replace or remove others first.`;
}
