import { badRequest } from "../api-error.ts";
import { contentOf } from "./content.ts";
import type { DecodedMessage, MessageReference } from "./request.ts";

type Content = Pick<DecodedMessage, "text" | "images">;

/** What is to be answered, and what came before it. */
export function lastOf<Earlier extends DecodedMessage | MessageReference>(
  messages: readonly Earlier[],
  param: string,
): { readonly earlier: readonly Earlier[]; readonly last: DecodedMessage } {
  const last = messages.at(-1);
  if (last === undefined) throw badRequest("no_message", `Expected \`${param}\` to hold a message of the user`, param);
  if (last.kind !== "message" || last.role !== "user")
    throw badRequest("last_message_not_user", `Expected the last of \`${param}\` to be a message of the user`, param);
  if (last.text.trim() === "" && last.images.length === 0)
    throw badRequest("empty_message", `Expected the last of \`${param}\` to say something`, param);
  return { earlier: messages.slice(0, -1), last };
}

export function instructionText(content: unknown, param: string): string {
  return withoutImages(contentOf(content, param), param).text;
}

/** Pictures belong to what a user says. */
export function withoutImages(content: Content, param: string): Content {
  if (content.images.length === 0) return content;
  throw badRequest("invalid_content_part", `Expected \`${param}\` to hold text: images belong to messages of the user`, param);
}
