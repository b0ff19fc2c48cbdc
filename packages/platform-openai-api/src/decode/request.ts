import type { Json } from "@hermes/core";

/** An earlier message that the caller brought along. */
export interface OpenAiMessage {
  readonly role: "user" | "assistant";
  readonly text: string;
  /** Which of the turn's attachments belong to it, by their place in the list. */
  readonly attachments?: readonly number[];
}

/** What a request brings along besides its last message: the agent finds it as `turn.request`. */
export interface OpenAiRequest {
  readonly api: "chat-completions" | "responses";
  /** The model the caller named; the gateway does not look at it. */
  readonly model?: string;
  /** `instructions`, then the system and developer messages, joined by blank lines. */
  readonly instructions?: string;
  /** Oldest first. Empty where the gateway keeps the conversation: with a session header, and behind `previous_response_id`. */
  readonly messages: readonly OpenAiMessage[];
  /** Under OpenAI's own names: `temperature`, `max_tokens`, `stop`, `reasoning_effort`, `metadata` … An agent may use them. */
  readonly parameters: { readonly [name: string]: Json };
}

/** A picture in a message. */
export type ImagePart =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "data"; readonly mimeType: string; readonly base64: string; readonly sizeBytes: number };

export interface DecodedMessage {
  readonly kind: "message";
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly images: readonly ImagePart[];
}

/** An earlier answer, by its id. */
export interface MessageReference {
  readonly kind: "reference";
  readonly id: string;
  readonly param: string;
}

/** A request as it was meant, whichever of the two ways it came. */
export interface DecodedRequest {
  readonly api: OpenAiRequest["api"];
  readonly stream: boolean;
  readonly includeUsage: boolean;
  /** Whether the answer is kept, to be read and gone on from. */
  readonly store: boolean;
  readonly previousResponseId?: string;
  readonly model?: string;
  readonly instructions?: string;
  readonly earlier: readonly (DecodedMessage | MessageReference)[];
  /** What is answered: a user's. */
  readonly last: DecodedMessage;
  readonly parameters: { readonly [name: string]: Json };
}
