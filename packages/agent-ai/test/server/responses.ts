import { refuse, type Reply } from "@hermes/testkit/server";
import { piecesOf } from "./chat-stream.ts";
import { openAiError } from "./errors.ts";
import { sentEvents } from "./events.ts";
import type { ModelRequest, ModelStep } from "./script.ts";

type Tree = Readonly<Record<string, unknown>>;
type Answer = Exclude<ModelStep, { error: unknown }>;

/** OpenAI's Responses, for callers that keep their conversation themselves. https://platform.openai.com/docs/api-reference/responses */
export function answerResponses({ body }: ModelRequest, next: () => ModelStep, given: Set<string>): Reply {
  checkInput(body, given);
  const step = next();
  if ("error" in step) throw openAiError(step.error);
  if (step.signature !== undefined) given.add(step.signature);
  const events = eventsOf(step, String(body["model"])).map(
    (event, index) => `event: ${String(event["type"])}\ndata: ${JSON.stringify({ ...event, sequence_number: index })}\n\n`,
  );
  return { headers: { "content-type": "text/event-stream; charset=utf-8" }, body: sentEvents(step, events, "") };
}

function checkInput({ input, store, model, tools }: Tree, given: ReadonlySet<string>): void {
  if (typeof model === "string" && typeof input === "string") return;
  if (typeof model !== "string" || !Array.isArray(input)) wrong("Missing required parameter.", "input");
  const open = new Set<string>();
  let needsReasoning = false;
  for (const item of input as readonly Tree[]) {
    const type = item["type"] ?? "message";
    if (type === "item_reference" && store === false)
      wrong(`Item with id '${String(item["id"])}' not found. Items are not persisted when \`store\` is set to false.`, "input");
    if (type === "reasoning") {
      if (!given.has(String(item["encrypted_content"]))) wrong("The encrypted content could not be verified.", "input");
      needsReasoning = true;
    }
    if (type === "function_call") {
      if (given.size > 0 && !needsReasoning)
        wrong("Item of type 'function_call' was provided without its required 'reasoning' item.", "input");
      open.add(String(item["call_id"]));
    }
    if (type === "function_call_output" && !open.delete(String(item["call_id"])))
      wrong(`No tool call found for function call output with call_id ${String(item["call_id"])}.`, "input");
  }
  if (open.size > 0) wrong(`No tool output found for function call ${[...open].join(", ")}.`, "input");
  for (const tool of (tools ?? []) as readonly Tree[]) {
    if (tool["type"] !== "function" || !/^[\w-]{1,64}$/u.test(String(tool["name"]))) wrong("Invalid tool.", "tools");
  }
}

function eventsOf(step: Answer, model: string): readonly Tree[] {
  const { text = [], reasoning = [], calls = [], signature, usage = { input: 10, output: 5 } } = step;
  const response = { id: "resp_1", object: "response", created_at: 1, model, status: "in_progress", output: [] };
  const items: Tree[][] = [];
  if (reasoning.length > 0) items.push(reasoningEvents(reasoning, signature ?? null));
  if (text.length > 0) items.push(textEvents(text, items.length));
  for (const call of calls) items.push(callEvents(call, items.length));
  const done = {
    ...response,
    status: "completed",
    incomplete_details: step.finish === "length" ? { reason: "max_output_tokens" } : null,
    usage: {
      input_tokens: usage.input,
      input_tokens_details: { cached_tokens: usage.cached ?? 0 },
      output_tokens: usage.output,
      output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
      total_tokens: usage.input + usage.output,
    },
  };
  const end = step.finish === "length" ? "response.incomplete" : "response.completed";
  return [{ type: "response.created", response }, ...items.flat(), { type: end, response: done }];
}

function reasoningEvents(pieces: readonly string[], encrypted: string | null): Tree[] {
  const item = { id: "rs_1", type: "reasoning", summary: [] };
  const at = { item_id: "rs_1", output_index: 0, summary_index: 0 };
  return [
    { type: "response.output_item.added", output_index: 0, item: { ...item, encrypted_content: null } },
    { type: "response.reasoning_summary_part.added", ...at, part: { type: "summary_text", text: "" } },
    ...pieces.map((delta) => ({ type: "response.reasoning_summary_text.delta", ...at, delta })),
    { type: "response.reasoning_summary_part.done", ...at, part: { type: "summary_text", text: pieces.join("") } },
    {
      type: "response.output_item.done",
      output_index: 0,
      item: { ...item, summary: [{ type: "summary_text", text: pieces.join("") }], encrypted_content: encrypted },
    },
  ];
}

function textEvents(pieces: readonly string[], index: number): Tree[] {
  const item = { id: `msg_${index}`, type: "message", role: "assistant", status: "in_progress", content: [] };
  const part = { type: "output_text", text: pieces.join(""), annotations: [] };
  return [
    { type: "response.output_item.added", output_index: index, item },
    ...pieces.map((delta) => ({
      type: "response.output_text.delta",
      item_id: item.id,
      output_index: index,
      content_index: 0,
      delta,
      logprobs: [],
    })),
    { type: "response.output_item.done", output_index: index, item: { ...item, status: "completed", content: [part] } },
  ];
}

function callEvents(call: { readonly id: string; readonly name: string; readonly arguments: string }, index: number): Tree[] {
  const item = {
    id: `fc_${index}`,
    type: "function_call",
    call_id: call.id,
    name: call.name,
    arguments: "",
    status: "in_progress",
  };
  return [
    { type: "response.output_item.added", output_index: index, item },
    ...piecesOf(call.arguments).map((delta) => ({
      type: "response.function_call_arguments.delta",
      item_id: item.id,
      output_index: index,
      delta,
    })),
    { type: "response.output_item.done", output_index: index, item: { ...item, arguments: call.arguments, status: "completed" } },
  ];
}

function wrong(message: string, param: string): never {
  throw refuse(400, { error: { message, type: "invalid_request_error", param, code: null } });
}
