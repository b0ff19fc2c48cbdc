import type { Answer, AnswerFacts, Usage } from "../exchange/answer.ts";
import { failureOf } from "./failure.ts";

type Status = "in_progress" | "completed" | "incomplete" | "failed";

/** The body that answers `POST /v1/responses` and `GET /v1/responses/{id}`. */
export function encodeResponse(answer: Answer) {
  const { facts, text, outcome, usage } = answer;
  const failure = failureOf(answer);
  const status: Status = failure !== undefined ? "failed" : outcome.kind === "interrupted" ? "incomplete" : "completed";
  return {
    ...responseHead(facts, status),
    error: failure === undefined ? null : { code: failure.code, message: failure.message },
    incomplete_details: status === "incomplete" ? { reason: "interrupted" } : null,
    output: text === "" ? [] : [messageItem(facts, text, status === "completed" ? "completed" : "incomplete")],
    usage: usage === undefined ? null : usageBody(usage),
  };
}

/** A response of which nothing is there yet. */
export function encodeBegun(facts: AnswerFacts) {
  return { ...responseHead(facts, "in_progress"), error: null, incomplete_details: null, output: [], usage: null };
}

/** What was said, as an item of its response. */
export function messageItem(facts: AnswerFacts, text: string | undefined, status: "in_progress" | "completed" | "incomplete") {
  return {
    id: itemIdOf(facts),
    type: "message",
    role: "assistant",
    status,
    content: text === undefined ? [] : [textPart(text)],
  };
}

export function textPart(text: string) {
  return { type: "output_text", text, annotations: [], logprobs: [] };
}

export function itemIdOf({ id }: AnswerFacts): string {
  return `msg_${id}`;
}

function responseHead(
  { id, createdMs, model, instructions, previousResponseId, parameters, store }: AnswerFacts,
  status: Status,
) {
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: Math.floor(createdMs / 1000),
    status,
    background: false,
    instructions: instructions ?? null,
    max_output_tokens: parameters["max_output_tokens"] ?? null,
    metadata: parameters["metadata"] ?? {},
    model,
    parallel_tool_calls: false,
    previous_response_id: previousResponseId ?? null,
    store,
    temperature: parameters["temperature"] ?? null,
    text: { format: { type: "text" } },
    tool_choice: "none",
    tools: [],
    top_p: parameters["top_p"] ?? null,
    truncation: "disabled",
  };
}

function usageBody({ input, output }: Usage) {
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: 0 },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: 0 },
    total_tokens: input + output,
  };
}
