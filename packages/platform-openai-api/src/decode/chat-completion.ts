import { badRequest } from "../api-error.ts";
import { contentOf } from "./content.ts";
import { parametersOf, refuseUnsupported } from "./parameters.ts";
import type { DecodedMessage, DecodedRequest } from "./request.ts";
import { checkDepth, fieldsOf, flagOf, joinTexts, listOf, optionalText } from "./shape.ts";
import { instructionText, lastOf, withoutImages } from "./turns.ts";

export const maxMessages = 2000;

/**
 * The body of `POST /v1/chat/completions`.
 *
 * @throws ApiError, and nothing else, for whatever else is in it.
 */
export function decodeChatCompletion(value: unknown): DecodedRequest {
  const body = fieldsOf(value, "body");
  refuseUnsupported(body);
  checkDepth(body);
  const model = optionalText(body, "model");
  const instructions: string[] = [];
  const messages: DecodedMessage[] = [];
  for (const [index, entry] of listOf(body["messages"], "messages", maxMessages).entries()) {
    const decoded = messageOf(entry, `messages[${index}]`);
    if (typeof decoded === "string") instructions.push(decoded);
    else messages.push(decoded);
  }
  const { earlier, last } = lastOf(messages, "messages");
  const joined = joinTexts(instructions, "\n\n", "messages");
  const options = body["stream_options"];
  const stream = flagOf(body, "stream", false);
  return {
    api: "chat-completions",
    stream,
    includeUsage:
      options !== undefined && options !== null && flagOf(fieldsOf(options, "stream_options"), "include_usage", false),
    store: false,
    ...(model === undefined ? {} : { model }),
    ...(joined === "" ? {} : { instructions: joined }),
    earlier,
    last,
    parameters: parametersOf(body),
  };
}

/** A text: instructions. */
function messageOf(value: unknown, param: string): DecodedMessage | string {
  const message = fieldsOf(value, param);
  const at = `${param}.content`;
  switch (message["role"]) {
    case "system":
    case "developer":
      return instructionText(message["content"], at);
    case "user":
      return { kind: "message", role: "user", ...contentOf(message["content"], at) };
    case "assistant": {
      const { tool_calls: calls, function_call: call } = message;
      if ((Array.isArray(calls) && calls.length > 0) || (call !== undefined && call !== null))
        throw badRequest("unsupported_message", "Calls of the caller's own tools are not taken: the agent has its own", param);
      const { content, refusal } = message;
      return { kind: "message", role: "assistant", ...withoutImages(contentOf(content ?? refusal ?? "", at), at) };
    }
    case "tool":
    case "function":
      throw badRequest("unsupported_message", "Results of the caller's own tools are not taken: the agent has its own", param);
    default:
      throw badRequest("invalid_role", `Expected \`${param}.role\` to be system, developer, user or assistant`, `${param}.role`);
  }
}
