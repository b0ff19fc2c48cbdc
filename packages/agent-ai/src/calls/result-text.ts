import { middleCut } from "../context/render.ts";

/** More of one tool's output no model is given. */
const maxLength = 100_000;

/** What a tool answered, as the model reads it: marked as data, so that nothing in it can pass for the end of it. */
export function resultText(text: string): string {
  const cut = middleCut(text.toWellFormed(), maxLength).replaceAll(/<(\/?)tool_output/giu, "<$1tool-output");
  return `<tool_output>\n${cut}\n</tool_output>`;
}
