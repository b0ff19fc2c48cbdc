import type { RunningStep } from "@hermes/protocol";
import type { Answer } from "./conversation-state.ts";

/** A piece of an answer, in the order it is read. */
export type Segment =
  | { readonly kind: "text"; readonly index: number; readonly text: string }
  | { readonly kind: "steps"; readonly index: number; readonly steps: readonly RunningStep[] };

/** Text and tools of an answer, each tool at the place where it was used; tools that follow each other are one piece. */
export function segmentsOf({ parts, steps }: Pick<Answer, "parts" | "steps">): readonly Segment[] {
  const segments: Segment[] = [];
  for (let place = 0; place <= parts.length; place += 1) {
    const isLast = place === parts.length;
    const here = steps.filter(({ after_part }) => (isLast ? after_part >= place : after_part === place));
    if (here.length > 0) addSteps(segments, place, here);
    const text = parts[place] ?? "";
    if (text.trim() !== "") segments.push({ kind: "text", index: place, text });
  }
  return segments;
}

function addSteps(segments: Segment[], index: number, steps: readonly RunningStep[]): void {
  const last = segments.at(-1);
  if (last?.kind === "steps") segments[segments.length - 1] = { ...last, steps: [...last.steps, ...steps] };
  else segments.push({ kind: "steps", index, steps });
}
