import type { ModelStep } from "./script.ts";

type Answer = Exclude<ModelStep, { error: unknown }>;

/** Server-sent events as a script wants them: late, cut in the middle, or with a line that means nothing. */
export async function* sentEvents(step: Answer, events: readonly string[], closing: string): AsyncGenerator<string> {
  await step.after;
  for (const event of events) yield event;
  await step.endsAfter;
  if (step.malformed === true) yield "data: {not json\n\n";
  if (step.cut === true) {
    yield 'data: {"id":"chatcmpl-1","choi';
    // Lets what was said before arrive: a reset would take it back.
    await new Promise((resolve) => setTimeout(resolve, 20));
    throw new Error("the connection is cut here");
  }
  if (step.endless !== true && step.malformed !== true) yield closing;
}
