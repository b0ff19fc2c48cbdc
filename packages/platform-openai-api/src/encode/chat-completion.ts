import type { ProgressEvent } from "@hermes/core";
import type { Answer, AnswerFacts, Usage } from "../exchange/answer.ts";
import { eventOf, toolProgressOf, type EventEncoder } from "./events.ts";
import { failureOf } from "./failure.ts";

/** The body that answers `POST /v1/chat/completions`. */
export function encodeChatCompletion(answer: Answer): unknown {
  const { facts, text, usage } = answer;
  return {
    ...headOf(facts, "chat.completion"),
    choices: [{ index: 0, message: { role: "assistant", content: text, refusal: null }, logprobs: null, finish_reason: "stop" }],
    ...(usage === undefined ? {} : { usage: usageBody(usage) }),
    ...endingOf(answer),
  };
}

/**
 * The same in pieces. What OpenAI has no words for stands beside the choices under `hermes`: clients take every event for a chunk,
 * whatever its name, and fail at one without choices.
 */
export function chatCompletionEvents(facts: AnswerFacts): EventEncoder {
  const chunk = (delta: unknown, more: object = {}, finishReason: string | null = null): string =>
    eventOf({
      ...headOf(facts, "chat.completion.chunk"),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...more,
    });
  return {
    open: () => chunk({ role: "assistant", content: "" }),
    text: (delta) => chunk({ content: delta }),
    progress: (event) => progressChunk(event, chunk),
    end(answer) {
      const failure = failureOf(answer);
      if (failure !== undefined) return eventOf(failure.body);
      const { usage } = answer;
      const counted =
        facts.includeUsage && usage !== undefined
          ? eventOf({ ...headOf(facts, "chat.completion.chunk"), choices: [], usage: usageBody(usage) })
          : "";
      return `${chunk({}, endingOf(answer), "stop")}${counted}data: [DONE]\n\n`;
    },
  };
}

function progressChunk(event: ProgressEvent, chunk: (delta: unknown, more?: object) => string): string {
  if (event.type === "reasoning-delta") return chunk({ reasoning_content: event.text });
  const tool = toolProgressOf(event);
  return tool === undefined ? "" : chunk({}, { hermes: { tool } });
}

function headOf({ id, createdMs, model }: AnswerFacts, object: string) {
  return { id: `chatcmpl-${id}`, object, created: Math.floor(createdMs / 1000), model };
}

/** No reason to finish that OpenAI knows says that somebody stopped it. */
function endingOf({ outcome }: Answer): object {
  return outcome.kind === "interrupted" ? { hermes: { ending: "interrupted" } } : {};
}

function usageBody({ input, output }: Usage) {
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}
