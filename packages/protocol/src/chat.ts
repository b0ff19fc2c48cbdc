import { needed, object, optional, type FieldsOf, type ObjectShape } from "./object-shape.ts";
import { anyText, choice, integer, listOf, text } from "./shape.ts";

/** How an answer ended. `dropped`: a command took the message out of the queue before it was answered. */
export type ChatOutcome = (typeof chatOutcomes)[number];
const chatOutcomes = ["finished", "interrupted", "failed", "dropped"] as const;

/** What is said to the agent. */
export interface ChatAsk {
  readonly text: string;
  /** Default: the caller's own first conversation. */
  readonly session_key?: string;
  /** The same key with the same credential is the same message, however often it is sent. */
  readonly idempotency_key?: string;
  /** Ids of uploads, from `POST /v1/files`. */
  readonly attachments?: readonly string[];
}

/** A message that was taken; its answer comes as events. */
export interface ChatStarted {
  readonly message_id: string;
  readonly session_key: string;
}

/** A message and the whole answer to it. */
export interface ChatAnswer extends ChatStarted {
  readonly text: string;
  /** When the answer was complete, ISO 8601. */
  readonly timestamp: string;
  readonly outcome: ChatOutcome;
}

/** Which part of a conversation. */
export interface ChatHistoryQuery {
  readonly session_key: string;
  readonly limit?: number;
  readonly before?: string;
}

/** Something that was said. A question and its answer have the same `message_id`; `role` tells them apart. */
export interface ChatMessage {
  readonly message_id: string;
  /** `notice`: the gateway itself. */
  readonly role: "user" | "assistant" | "notice";
  readonly text: string;
  readonly timestamp: string;
  /** Of a user's message: what became of it. */
  readonly state?: "waiting" | "running" | ChatOutcome;
  readonly author?: string;
  readonly attachments?: readonly ChatAttachment[];
  /** Of an answer: the tools it took. */
  readonly steps?: readonly ChatStep[];
  /** Changes when the conversation was begun anew. */
  readonly session_id?: string;
}

/** A file that came with a message. */
export interface ChatAttachment {
  readonly kind: "image" | "audio" | "voice" | "video" | "sticker" | "file";
  readonly name?: string;
  readonly mime_type?: string;
  readonly size?: number;
  /** Where a browser gets it, on this gateway; not there for files that only their platform has. */
  readonly path?: string;
}

/** One use of a tool. */
export interface ChatStep {
  readonly call_id: string;
  readonly title: string;
  readonly state: "running" | "done" | "failed";
  readonly summary?: string;
}

/** Part of a conversation, oldest first. */
export interface ChatHistory {
  readonly session_key: string;
  readonly messages: readonly ChatMessage[];
  /** Goes into `before` for what was said earlier; not there where it begins. */
  readonly next?: string;
}

const sessionKeyText = text({ maxLength: 1024 });
/** A conversation is named by its key, as `session.list` gives it. */
export const sessionKey = needed(sessionKeyText, "the conversation's key, as `session.list` gives it");

/** Characters of one message at most. */
export const maxChatTextLength = 200_000;

const strict = { unknown: "refused" } as const;

export const chatAsk: ObjectShape<ChatAsk> = object<ChatAsk>(
  "ChatAsk",
  {
    text: needed(text({ maxLength: maxChatTextLength }), "what is said to the agent; a command begins with `/`"),
    session_key: optional(sessionKeyText, "the conversation; default the caller's own first one"),
    idempotency_key: optional(text(), "the same key is the same message, however often it is sent"),
    attachments: optional(listOf(text()), "ids of uploads, from `POST /v1/files`; at most 10"),
  },
  strict,
);

export const chatStarted: ObjectShape<ChatStarted> = object<ChatStarted>("ChatStarted", {
  message_id: needed(anyText, "what the message and its answer are known by"),
  session_key: needed(anyText, "the conversation it belongs to"),
});

export const chatOutcome = choice(chatOutcomes);

export const chatAnswer: ObjectShape<ChatAnswer> = object<ChatAnswer>("ChatAnswer", {
  message_id: needed(anyText, "what the message and its answer are known by"),
  text: needed(anyText, "the answer, in Markdown"),
  timestamp: needed(anyText, "when it was complete, ISO 8601"),
  session_key: needed(anyText, "the conversation it belongs to"),
  outcome: needed(chatOutcome, "how it ended; `dropped`: a command took the message out of the queue"),
});

export const chatHistoryQuery: ObjectShape<ChatHistoryQuery> = object<ChatHistoryQuery>(
  "ChatHistoryQuery",
  {
    session_key: sessionKey,
    limit: optional(integer(1, 200), "messages at most; default 50"),
    before: optional(text(), "go on before these: the last answer's `next`"),
  },
  strict,
);

const chatAttachment: ObjectShape<ChatAttachment> = object<ChatAttachment>("ChatAttachment", {
  kind: needed(choice(["image", "audio", "voice", "video", "sticker", "file"]), "what it is"),
  name: optional(anyText, "its name"),
  mime_type: optional(anyText, "its type"),
  size: optional(integer(0), "bytes"),
  path: optional(anyText, "where a browser gets it, on this gateway"),
});

export const chatStepFields: FieldsOf<ChatStep> = {
  call_id: needed(anyText, "what the call is known by within its answer"),
  title: needed(anyText, "what is done"),
  state: needed(choice(["running", "done", "failed"]), "how far it is"),
  summary: optional(anyText, "what came of it"),
};

const chatStep: ObjectShape<ChatStep> = object<ChatStep>("ChatStep", chatStepFields);

const chatMessage: ObjectShape<ChatMessage> = object<ChatMessage>("ChatMessage", {
  message_id: needed(anyText, "what the message and its answer are known by"),
  role: needed(choice(["user", "assistant", "notice"]), "who said it; `notice`: the gateway itself"),
  text: needed(anyText, "what was said, in Markdown"),
  timestamp: needed(anyText, "when, ISO 8601"),
  state: optional(choice(["waiting", "running", ...chatOutcomes]), "of a user's message: what became of it"),
  author: optional(anyText, "who, of several people"),
  attachments: optional(listOf(chatAttachment), "files that came with it"),
  steps: optional(listOf(chatStep), "of an answer: the tools it took"),
  session_id: optional(anyText, "changes where the conversation was begun anew"),
});

export const chatHistory: ObjectShape<ChatHistory> = object<ChatHistory>("ChatHistory", {
  session_key: needed(anyText, "the conversation"),
  messages: needed(listOf(chatMessage), "oldest first"),
  next: optional(anyText, "goes into `before` for what was said earlier; not there where it begins"),
});
