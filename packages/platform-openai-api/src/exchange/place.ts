import { randomUUID } from "node:crypto";
import type { PlatformHost } from "@hermes/core";
import { ApiError, badRequest } from "../api-error.ts";
import type { DecodedMessage, DecodedRequest, MessageReference } from "../decode.ts";
import type { NamedSession } from "../transport/session.ts";
import type { Answer } from "./answer.ts";
import type { Claim, KeptResponses } from "./kept-responses.ts";

/** As far back as a branch is read. */
const maxBranchLength = 200;

/** Where a request is answered, and what the agent is to be told of what was said before. */
export interface Place {
  readonly chatId: string;
  readonly earlier: readonly DecodedMessage[];
  readonly claim?: Claim | undefined;
}

export interface Asking {
  readonly request: DecodedRequest;
  readonly session: NamedSession | undefined;
  /** The name of the key. */
  readonly caller: string;
  readonly memory: PlatformHost["memory"];
  readonly kept: KeptResponses;
}

/**
 * A conversation that the gateway keeps, or one that is as long as this request.
 *
 * @throws ApiError for an earlier response that is not there.
 */
export async function placeOf({ request, session, caller, memory, kept }: Asking): Promise<Place> {
  const { previousResponseId: previousId } = request;
  const find = (id: string): Promise<Answer | undefined> => kept.find(memory, id, caller);
  if (session !== undefined) {
    if (previousId !== undefined)
      throw badRequest(
        "ambiguous_session",
        "Expected `previous_response_id` or a session header, not both",
        "previous_response_id",
      );
    return { chatId: session.chatId, earlier: [] };
  }
  const brought = await Promise.all(request.earlier.map((each) => resolved(each, find)));
  if (previousId === undefined) return { chatId: newChatId(), earlier: brought };
  const previous = previousId.startsWith("resp_") ? await find(previousId) : undefined;
  if (previous === undefined)
    throw notFound("previous_response_not_found", `There is no response \`${shortened(previousId)}\``, "previous_response_id");
  const claim = await kept.claim(memory, previous);
  if (claim !== undefined) return { chatId: previous.facts.chatId, earlier: brought, claim };
  // The conversation has gone on from there already: another one begins, with the same past.
  return { chatId: newChatId(), earlier: [...(await pastOf(previous, find)), ...brought] };
}

function newChatId(): string {
  return `request-${randomUUID()}`;
}

async function resolved(
  message: DecodedMessage | MessageReference,
  find: (id: string) => Promise<Answer | undefined>,
): Promise<DecodedMessage> {
  if (message.kind === "message") return message;
  const answer = message.id.startsWith("msg_") ? await find(message.id) : undefined;
  if (answer === undefined) throw notFound("item_not_found", `There is no item \`${shortened(message.id)}\``, message.param);
  return said("assistant", answer.text);
}

/** Oldest first, up to and with `answer`. */
async function pastOf(answer: Answer, find: (id: string) => Promise<Answer | undefined>): Promise<readonly DecodedMessage[]> {
  const past: DecodedMessage[] = [];
  let at: Answer | undefined = answer;
  while (at !== undefined && past.length < maxBranchLength) {
    past.unshift(said("user", at.facts.input), said("assistant", at.text));
    at = at.facts.previousResponseId === undefined ? undefined : await find(at.facts.previousResponseId);
  }
  return past;
}

function said(role: "user" | "assistant", text: string): DecodedMessage {
  return { kind: "message", role, text, images: [] };
}

export function notFound(code: string, message: string, param?: string): ApiError {
  return new ApiError({ status: 404, code, message, param });
}

function shortened(id: string): string {
  return id.length > 64 ? `${id.slice(0, 64)}…` : id;
}
