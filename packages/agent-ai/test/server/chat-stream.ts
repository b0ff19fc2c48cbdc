import type { ModelStep } from "./script.ts";

type Answer = Exclude<ModelStep, { error: unknown }>;
type Tree = Readonly<Record<string, unknown>>;

const pieceLength = 7;

/** The chunks of a chat completion. */
export function chunksOf(step: Answer, model: string, includeUsage: boolean): readonly Tree[] {
  const base = { id: "chatcmpl-1", object: "chat.completion.chunk", created: 1, model, system_fingerprint: null };
  const chunk = (delta: Tree, finish: string | null = null): Tree => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(includeUsage ? { usage: null } : {}),
  });
  const { text = [], reasoning = [], calls = [] } = step;
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    ...reasoning.map((piece) => chunk({ reasoning_content: piece })),
    ...text.map((piece) => chunk({ content: piece })),
    ...calls.flatMap((call, index) => [
      chunk({ tool_calls: [{ index, id: call.id, type: "function", function: { name: call.name, arguments: "" } }] }),
      ...piecesOf(call.arguments).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
    ]),
  ];
  if (step.endless === true || step.cut === true || step.malformed === true) return chunks;
  const end = [chunk({}, step.finish ?? (calls.length > 0 ? "tool_calls" : "stop"))];
  return [...chunks, ...end, ...(includeUsage ? [{ ...base, choices: [], usage: usageOf(step) }] : [])];
}

/** The same answer in one piece. */
export function completionOf(step: Answer, model: string): Tree {
  const { text = [], reasoning = [], calls = [] } = step;
  const message = {
    role: "assistant",
    content: text.length === 0 && calls.length > 0 ? null : text.join(""),
    refusal: null,
    ...(reasoning.length === 0 ? {} : { reasoning_content: reasoning.join("") }),
    ...(calls.length === 0
      ? {}
      : {
          tool_calls: calls.map((call) => ({
            id: call.id,
            type: "function",
            function: { name: call.name, arguments: call.arguments },
          })),
        }),
  };
  const finish = step.finish ?? (calls.length > 0 ? "tool_calls" : "stop");
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: 1,
    model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: finish }],
    usage: usageOf(step),
  };
}

/** As OpenAI counts: cached tokens are among the input, reasoning among the output. */
export function usageOf({ usage = { input: 10, output: 5 } }: Answer): Tree {
  return {
    prompt_tokens: usage.input,
    completion_tokens: usage.output,
    total_tokens: usage.input + usage.output,
    prompt_tokens_details: { cached_tokens: usage.cached ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
  };
}

/** A text as servers split it, between any two characters. */
export function piecesOf(text: string): readonly string[] {
  return text.match(new RegExp(`[^]{1,${pieceLength}}`, "gu")) ?? [];
}
