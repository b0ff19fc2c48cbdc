import { refuse } from "@hermes/testkit/server";

type Tree = Readonly<Record<string, unknown>>;

/** Refuses what OpenAI's chat completions refuse, with its own words. https://platform.openai.com/docs/api-reference/chat/create */
export function checkChatRequest(body: Tree): void {
  if (typeof body["model"] !== "string") wrong("you must provide a model parameter", null);
  const { messages, tools } = body;
  if (!Array.isArray(messages) || messages.length === 0)
    wrong(
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead.",
      "messages",
    );
  checkMessages(messages as readonly Tree[]);
  if (tools !== undefined) checkTools(tools);
}

function checkMessages(messages: readonly Tree[]): void {
  let open = new Set<string>();
  for (const [index, message] of messages.entries()) {
    const at = `messages.[${index}]`;
    const { role, content } = message;
    if (!["system", "developer", "user", "assistant", "tool"].includes(String(role))) {
      wrong(
        `Invalid value: '${String(role)}'. Supported values are: 'system', 'assistant', 'user', 'function', 'tool', and 'developer'.`,
        `${at}.role`,
      );
    }
    if (role === "tool") {
      const id = String(message["tool_call_id"]);
      if (!open.delete(id))
        wrong("messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.", `${at}.role`);
      if (typeof content !== "string" && !Array.isArray(content)) wrong(`Invalid type for '${at}.content'.`, `${at}.content`);
      continue;
    }
    refuseOpen(open, at);
    if (role === "assistant") open = new Set(checkCalls(message, at));
    else if (typeof content !== "string" && !Array.isArray(content))
      wrong(`Invalid type for '${at}.content': expected one of a string or array of objects.`, `${at}.content`);
    if (Array.isArray(content)) checkContent(content, at);
  }
  refuseOpen(open, "messages");
}

function refuseOpen(open: ReadonlySet<string>, at: string): void {
  if (open.size === 0) return;
  wrong(
    `An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'. The following tool_call_ids did not have response messages: ${[...open].join(", ")}`,
    at,
  );
}

function checkCalls({ tool_calls: calls, content }: Tree, at: string): readonly string[] {
  if (calls === undefined) {
    if (typeof content !== "string" && !Array.isArray(content))
      wrong(`Invalid value for 'content': expected a string, got null.`, `${at}.content`);
    return [];
  }
  if (!Array.isArray(calls) || calls.length === 0) wrong(`Invalid '${at}.tool_calls': empty array.`, `${at}.tool_calls`);
  return (calls as readonly Tree[]).map((call) => {
    const called = call["function"] as Tree | undefined;
    if (typeof call["id"] !== "string" || call["type"] !== "function" || typeof called?.["arguments"] !== "string")
      wrong(`Missing required parameter in '${at}.tool_calls'.`, `${at}.tool_calls`);
    checkName(String(called?.["name"]), `${at}.tool_calls`);
    return call["id"];
  });
}

function checkContent(content: readonly unknown[], at: string): void {
  for (const part of content as readonly Tree[]) {
    if (part["type"] === "text" && typeof part["text"] === "string") continue;
    const url = (part["image_url"] as Tree | undefined)?.["url"];
    if (
      part["type"] === "image_url" &&
      /^(?:https:\/\/|data:image\/(?:png|jpeg|gif|webp);base64,[A-Za-z0-9+/]+=*$)/u.test(String(url))
    )
      continue;
    wrong(`Invalid content part.`, `${at}.content`);
  }
}

function checkTools(tools: unknown): void {
  if (!Array.isArray(tools) || tools.length === 0)
    wrong("Invalid 'tools': empty array. Expected an array with minimum length 1.", "tools");
  for (const [index, tool] of (tools as readonly Tree[]).entries()) {
    const { name, parameters } = (tool["function"] ?? {}) as Tree;
    if (tool["type"] !== "function") wrong(`Invalid value for 'tools[${index}].type'.`, `tools[${index}].type`);
    checkName(String(name), `tools[${index}].function.name`);
    if ((parameters as Tree | undefined)?.["type"] !== "object")
      wrong(
        `Invalid schema for function '${String(name)}': schema must be a JSON Schema of 'type: "object"'.`,
        `tools[${index}].function.parameters`,
      );
  }
}

function checkName(name: string, at: string): void {
  if (!/^[a-zA-Z0-9_-]{1,64}$/u.test(name))
    wrong(`Invalid '${at}': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`, at);
}

function wrong(message: string, param: string | null): never {
  throw refuse(400, { error: { message, type: "invalid_request_error", param, code: null } });
}
