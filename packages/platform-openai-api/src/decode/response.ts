import { badRequest } from "../api-error.ts";
import { maxMessages } from "./chat-completion.ts";
import { contentOf } from "./content.ts";
import { parametersOf, refuseUnsupported } from "./parameters.ts";
import type { DecodedMessage, DecodedRequest, MessageReference } from "./request.ts";
import { checkDepth, fieldsOf, flagOf, joinTexts, listOf, optionalText, textOf } from "./shape.ts";
import { instructionText, lastOf, withoutImages } from "./turns.ts";

/**
 * The body of `POST /v1/responses`.
 *
 * @throws ApiError, and nothing else, for whatever else is in it.
 */
export function decodeResponse(value: unknown): DecodedRequest {
  const body = fieldsOf(value, "body");
  refuseUnsupported(body);
  checkDepth(body);
  const model = optionalText(body, "model");
  const given = optionalText(body, "instructions") ?? "";
  const { instructions, messages } = inputOf(body["input"]);
  const { earlier, last } = lastOf(messages, "input");
  const joined = joinTexts([given, ...instructions], "\n\n", "instructions");
  const previousResponseId = optionalText(body, "previous_response_id");
  const stream = flagOf(body, "stream", false);
  return {
    api: "responses",
    stream,
    includeUsage: true,
    store: flagOf(body, "store", true),
    ...(previousResponseId === undefined ? {} : { previousResponseId }),
    ...(model === undefined ? {} : { model }),
    ...(joined === "" ? {} : { instructions: joined }),
    earlier,
    last,
    parameters: parametersOf(body),
  };
}

interface Input {
  readonly instructions: readonly string[];
  readonly messages: readonly (DecodedMessage | MessageReference)[];
}

function inputOf(input: unknown): Input {
  if (typeof input === "string")
    return { instructions: [], messages: [{ kind: "message", role: "user", text: textOf(input, "input"), images: [] }] };
  const instructions: string[] = [];
  const messages: (DecodedMessage | MessageReference)[] = [];
  for (const [index, entry] of listOf(input, "input", maxMessages).entries()) {
    const decoded = itemOf(entry, `input[${index}]`);
    if (typeof decoded === "string") instructions.push(decoded);
    else if (decoded !== undefined) messages.push(decoded);
  }
  return { instructions, messages };
}

/** A text: instructions. Undefined: nothing that was said. */
function itemOf(value: unknown, param: string): DecodedMessage | MessageReference | string | undefined {
  const item = fieldsOf(value, param);
  switch (item["type"]) {
    case undefined:
    case null:
    case "message":
      return messageOf(item["role"], item["content"], param);
    case "item_reference":
      return { kind: "reference", id: textOf(item["id"], `${param}.id`), param };
    case "reasoning":
      return undefined;
    default:
      throw badRequest(
        "unsupported_item",
        `Expected \`${param}\` to be a message or a reference to one: the agent has its own tools`,
        param,
      );
  }
}

function messageOf(role: unknown, content: unknown, param: string): DecodedMessage | string {
  const at = `${param}.content`;
  switch (role) {
    case "system":
    case "developer":
      return instructionText(content, at);
    case "user":
      return { kind: "message", role, ...contentOf(content, at) };
    case "assistant":
      return { kind: "message", role, ...withoutImages(contentOf(content, at), at) };
    default:
      throw badRequest("invalid_role", `Expected \`${param}.role\` to be system, developer, user or assistant`, `${param}.role`);
  }
}
