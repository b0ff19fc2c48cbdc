import { refuse, type Reply } from "@hermes/testkit/server";
import { sentEvents } from "./events.ts";
import type { ModelRequest, ModelStep, ServerError } from "./script.ts";

type Tree = Readonly<Record<string, unknown>>;
type Answer = Exclude<ModelStep, { error: unknown }>;
interface Content {
  readonly role: string;
  readonly parts: readonly Tree[];
}

/** Google's streamGenerateContent. https://ai.google.dev/api/generate-content */
export function answerGenerateContent(
  { body, headers }: ModelRequest,
  next: () => ModelStep,
  given: Set<string>,
  apiKey: string,
): Reply {
  if (headers.get("x-goog-api-key") !== apiKey) throw failure({ status: 401 });
  check((body["contents"] ?? []) as readonly Content[], given);
  const step = next();
  if ("error" in step) throw failure(step.error);
  if (step.signature !== undefined) given.add(step.signature);
  const events = chunksOf(step).map((chunk) => `data: ${JSON.stringify(chunk)}\r\n\r\n`);
  return { headers: { "content-type": "text/event-stream" }, body: sentEvents(step, events, "") };
}

function check(contents: readonly Content[], given: ReadonlySet<string>): void {
  if (contents.length === 0) wrong("* GenerateContentRequest.contents: contents is not specified");
  for (const [index, { role, parts }] of contents.entries()) {
    if (role !== "user" && role !== "model") wrong("Please use a valid role: user, model.");
    if (index === 0 && role !== "user") wrong("Please ensure that multiturn requests begin with a user turn.");
    const calls = parts.filter((part) => "functionCall" in part);
    if (calls.length === 0) continue;
    const answers = (contents[index + 1]?.parts ?? []).filter((part) => "functionResponse" in part);
    if (answers.length !== calls.length)
      wrong(
        "Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.",
      );
    if (given.size > 0 && !given.has(String(calls[0]?.["thoughtSignature"])))
      wrong("Function call is missing a thought_signature in functionCall parts.");
  }
}

function chunksOf(step: Answer): readonly Tree[] {
  const { text = [], reasoning = [], calls = [], signature, usage = { input: 10, output: 5 } } = step;
  const chunk = (part: Tree, more: Tree = {}): Tree => ({
    candidates: [{ content: { role: "model", parts: [part] }, index: 0, ...more }],
    modelVersion: "gemini",
  });
  const signed = (index: number): Tree => (index === 0 && signature !== undefined ? { thoughtSignature: signature } : {});
  const end = {
    ...chunk({ text: "" }, { finishReason: step.finish === "length" ? "MAX_TOKENS" : "STOP" }),
    usageMetadata: {
      promptTokenCount: usage.input,
      candidatesTokenCount: usage.output - (usage.reasoning ?? 0),
      thoughtsTokenCount: usage.reasoning ?? 0,
      cachedContentTokenCount: usage.cached ?? 0,
      totalTokenCount: usage.input + usage.output,
    },
  };
  return [
    ...reasoning.map((piece) => chunk({ text: piece, thought: true })),
    ...text.map((piece) => chunk({ text: piece })),
    ...calls.map((call, index) =>
      chunk({ functionCall: { id: call.id, name: call.name, args: JSON.parse(call.arguments) as unknown }, ...signed(index) }),
    ),
    end,
  ];
}

function failure({ status, ...more }: ServerError): Error {
  const isTooLong = "code" in more && more.code === "context_length_exceeded";
  const message = isTooLong
    ? "The input token count (1048577) exceeds the maximum number of tokens allowed (1048576)."
    : "It failed.";
  return refuse(status, { error: { code: status, message, status: isTooLong ? "INVALID_ARGUMENT" : "UNKNOWN" } });
}

function wrong(message: string): never {
  throw refuse(400, { error: { code: 400, message, status: "INVALID_ARGUMENT" } });
}
