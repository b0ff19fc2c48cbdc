import { refuse, type Reply } from "@hermes/testkit/server";
import { piecesOf } from "./chat-stream.ts";
import { sentEvents } from "./events.ts";
import type { ModelRequest, ModelStep, ServerError } from "./script.ts";

type Tree = Readonly<Record<string, unknown>>;
type Answer = Exclude<ModelStep, { error: unknown }>;

/** Anthropic's Messages. https://platform.claude.com/docs/en/api/messages */
export function answerMessages(
  { body, headers }: ModelRequest,
  next: () => ModelStep,
  given: Set<string>,
  apiKey: string,
): Reply {
  if (headers.get("x-api-key") !== apiKey) throw failure({ status: 401 });
  if (headers.get("anthropic-version") === null) wrong("anthropic-version: header is required");
  check(body, given);
  const step = next();
  if ("error" in step) throw failure(step.error);
  if (step.signature !== undefined) given.add(step.signature);
  const events = eventsOf(step, String(body["model"])).map(
    (event) => `event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`,
  );
  return { headers: { "content-type": "text/event-stream; charset=utf-8" }, body: sentEvents(step, events, "") };
}

function check({ messages, max_tokens: maxTokens, tools }: Tree, given: ReadonlySet<string>): void {
  if (typeof maxTokens !== "number") wrong("max_tokens: Field required");
  if (!Array.isArray(messages) || messages.length === 0) wrong("messages: at least one message is required");
  const all = messages as readonly { readonly role: string; readonly content: readonly Tree[] }[];
  for (const [index, { role, content }] of all.entries()) {
    if (role !== "user" && role !== "assistant") wrong(`messages.${index}.role: unexpected value`);
    if (index === 0 && role !== "user") wrong("messages: first message must use the user role");
    const blocks = typeof content === "string" ? [{ type: "text", text: content }] : content;
    for (const block of blocks) checkBlock(block, `messages.${index}`, given);
    const uses = blocks.filter(({ type }) => type === "tool_use").map(({ id }) => String(id));
    if (uses.length === 0) continue;
    if (tools === undefined) wrong("Requests which have `tool_use` or `tool_result` blocks in `messages` must define `tools`.");
    if (given.size > 0 && blocks[0]?.type !== "thinking")
      wrong(`messages.${index}.content.0.type: Expected \`thinking\`, but found \`${String(blocks[0]?.type)}\`.`);
    const results = (all[index + 1]?.content ?? []).slice(0, uses.length).map((block) => String(block["tool_use_id"]));
    if (results.join() !== uses.join())
      wrong(
        `messages.${index}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${uses.join(", ")}.`,
      );
  }
}

function checkBlock(block: Tree, at: string, given: ReadonlySet<string>): void {
  switch (block["type"]) {
    case "text":
      if (String(block["text"]).trim() === "") wrong(`${at}: text content blocks must contain non-whitespace text`);
      return;
    case "thinking":
      if (!given.has(String(block["signature"]))) wrong(`${at}: Invalid \`signature\` in \`thinking\` block`);
      return;
    case "tool_use":
      if (!/^[a-zA-Z0-9_-]+$/u.test(String(block["id"])) || typeof block["input"] !== "object") wrong(`${at}.tool_use: Invalid`);
      return;
    case "tool_result":
    case "image":
      return;
    default:
      wrong(`${at}: unexpected block`);
  }
}

function eventsOf(step: Answer, model: string): readonly Tree[] {
  const { text = [], reasoning = [], calls = [], signature, usage = { input: 10, output: 5 } } = step;
  const cached = usage.cached ?? 0;
  const message = {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: {
      input_tokens: usage.input - cached,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: cached,
      output_tokens: 1,
    },
  };
  const blocks: (readonly [Tree, readonly Tree[]])[] = [];
  if (reasoning.length > 0) {
    const signed = signature === undefined ? [] : [{ type: "signature_delta", signature }];
    blocks.push([
      { type: "thinking", thinking: "", signature: "" },
      [...reasoning.map((thinking) => ({ type: "thinking_delta", thinking })), ...signed],
    ]);
  }
  if (text.length > 0) blocks.push([{ type: "text", text: "" }, text.map((piece) => ({ type: "text_delta", text: piece }))]);
  for (const call of calls)
    blocks.push([
      { type: "tool_use", id: call.id, name: call.name, input: {} },
      piecesOf(call.arguments).map((piece) => ({ type: "input_json_delta", partial_json: piece })),
    ]);
  const stop = step.finish === "length" ? "max_tokens" : calls.length > 0 ? "tool_use" : "end_turn";
  return [
    { type: "message_start", message },
    ...blocks.flatMap(([block, deltas], index) => [
      { type: "content_block_start", index, content_block: block },
      ...deltas.map((delta) => ({ type: "content_block_delta", index, delta })),
      { type: "content_block_stop", index },
    ]),
    { type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: usage.output } },
    { type: "message_stop" },
  ];
}

function failure({ status, ...more }: ServerError): Error {
  const types: Readonly<Record<number, string>> = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    429: "rate_limit_error",
    500: "api_error",
    503: "overloaded_error",
  };
  const isTooLong = "code" in more && more.code === "context_length_exceeded";
  const message = isTooLong ? "prompt is too long: 200001 tokens > 200000 maximum" : "It failed.";
  return refuse(status, {
    type: "error",
    error: { type: types[status] ?? "invalid_request_error", message },
    request_id: "req_1",
  });
}

function wrong(message: string): never {
  throw refuse(400, { type: "error", error: { type: "invalid_request_error", message }, request_id: "req_1" });
}
