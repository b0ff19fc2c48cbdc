import type { Answer } from "@hermes/core";
import { z } from "zod";
import type { Tool, ToolResult } from "../tool.ts";
import { asData } from "./as-data.ts";
import { defineTool, done, failed } from "./define-tool.ts";

const expiresAfterMs = 60 * 60 * 1000;

const input = z.strictObject({
  question: z.string().min(1).max(2000),
  choices: z
    .array(z.string().min(1).max(80))
    .min(2)
    .max(8)
    .optional()
    .describe("Answers to choose from. Without any, people write one."),
});

/** Asks whoever the turn is for, and waits for the answer, also over a restart. */
export function clarifyTool(): Tool {
  return defineTool({
    name: "clarify",
    set: "clarify",
    description:
      "Asks the person you work for, where you cannot go on without knowing. Not for permissions: those are asked for by themselves.",
    input,
    title: ({ question }) => question,
    effect: "none",
    async run({ question, choices }, { turn, callId }) {
      const options = choices?.map((label, index) => ({ id: String(index + 1), label }));
      const answer = await turn.ask({
        key: `clarify:${callId}`,
        kind: options === undefined ? "text" : "choice",
        prompt: question,
        ...(options === undefined ? {} : { options }),
        expiresAfterMs,
        onExpiry: "No answer came within an hour.",
      });
      return toResult(answer, options);
    },
  });
}

function toResult(answer: Answer, options: readonly { readonly id: string; readonly label: string }[] | undefined): ToolResult {
  if ("expired" in answer)
    return failed("Nobody answered within an hour. Do what can be done without knowing, and say what you took for granted.");
  if ("refused" in answer) return failed(`Nobody could be asked: ${answer.refused}`);
  const chosen = options?.find(({ id }) => id === answer.option)?.label;
  const said = [chosen, answer.text].filter((text) => text !== undefined && text !== "").join("\n");
  if (said === "") return failed("The answer was empty.");
  return done(asData(`answer of ${answer.by}`, said));
}
