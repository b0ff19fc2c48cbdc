import { utf16Length } from "@hermes/core";

export { chatCompletionEvents, encodeChatCompletion } from "./encode/chat-completion.ts";
export { failureOf } from "./encode/failure.ts";
export { encodeModel } from "./encode/model.ts";
export { encodeResponse } from "./encode/response.ts";
export { responseEvents } from "./encode/response-events.ts";

/** Markdown goes to the caller as it is. */
export function measure(markdown: string): number {
  return utf16Length(markdown);
}
