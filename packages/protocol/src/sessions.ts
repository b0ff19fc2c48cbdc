import { chatStepFields, sessionKey, type ChatStep } from "./chat.ts";
import { needed, object, optional, type ObjectShape } from "./object-shape.ts";
import { chat, type Chat } from "./places.ts";
import { anyText, choice, flag, integer, listOf, text } from "./shape.ts";

/** Which conversations. */
export interface SessionQuery {
  readonly platform?: string;
  readonly limit?: number;
  readonly after?: string;
}

/** One conversation. */
export interface SessionInfo {
  readonly session_key: string;
  readonly title: string;
  readonly chat: Chat;
  readonly created_at: string;
  readonly updated_at: string;
  readonly running: boolean;
}

/** Conversations, the ones with the newest message first. */
export interface SessionList {
  readonly sessions: readonly SessionInfo[];
  readonly next?: string;
}

/** What is looked for. */
export interface SessionSearch {
  readonly text: string;
  readonly session_key?: string;
  readonly limit?: number;
}

/** Something that was said and fits. */
export interface SessionHit {
  readonly session_key: string;
  readonly title: string;
  readonly role: "user" | "assistant";
  /** The place where it fits, with what stands around it. */
  readonly excerpt: string;
  readonly timestamp: string;
}

/** What was found, newest first. */
export interface SessionHits {
  readonly hits: readonly SessionHit[];
}

/** A new title; an empty one lets the conversation be called by its first words again. */
export interface SessionTitle {
  readonly session_key: string;
  readonly title: string;
}

/** Asks to hear of a conversation as it goes on. */
export interface SessionSubscription {
  readonly session_key: string;
  /** The last answer's `stream`. */
  readonly stream?: string;
  /** The last event's `seq`. */
  readonly since?: number;
}

/** An answer that is on its way. */
export interface RunningAnswer {
  readonly message_id: string;
  /** What is said so far; what is added to a part comes with its number. */
  readonly parts: readonly string[];
  readonly steps: readonly RunningStep[];
}

/** A step, and behind which part it belongs. */
export interface RunningStep extends ChatStep {
  readonly after_part: number;
}

/** How a subscription begins. */
export interface SessionSubscribed {
  readonly session_key: string;
  /** Names this run of the gateway: numbers of another one mean nothing. */
  readonly stream: string;
  /** Of the newest event. */
  readonly seq: number;
  /** What was missed since `since` follows as events; otherwise read the history again. */
  readonly resumed: boolean;
  /** Empty when resumed. */
  readonly running: readonly RunningAnswer[];
}

const strict = { unknown: "refused" } as const;

export const ofSession = object<{ readonly session_key: string }>("OfSession", { session_key: sessionKey }, strict);

export const sessionQuery: ObjectShape<SessionQuery> = object<SessionQuery>(
  "SessionQuery",
  {
    platform: optional(text(), "only of this platform"),
    limit: optional(integer(1, 200), "conversations at most; default 50"),
    after: optional(text(), "go on behind this one: the last answer's `next`"),
  },
  strict,
);

const sessionInfo: ObjectShape<SessionInfo> = object<SessionInfo>("SessionInfo", {
  session_key: needed(anyText, "what it is known by"),
  title: needed(anyText, "what it was called, else its first words"),
  chat: needed(chat, "where it takes place"),
  created_at: needed(anyText, "when it began, ISO 8601"),
  updated_at: needed(anyText, "when something was last said, ISO 8601"),
  running: needed(flag, "an answer is on its way"),
});

export const sessionList: ObjectShape<SessionList> = object<SessionList>("SessionList", {
  sessions: needed(listOf(sessionInfo), "the ones with the newest message first"),
  next: optional(anyText, "goes into `after` for those behind these; not there on the last page"),
});

export const sessionSearch: ObjectShape<SessionSearch> = object<SessionSearch>(
  "SessionSearch",
  {
    text: needed(text(), "words or parts of words; Chinese too"),
    session_key: optional(text({ maxLength: 1024 }), "only in this conversation"),
    limit: optional(integer(1, 100), "hits at most; default 30"),
  },
  strict,
);

export const sessionHits: ObjectShape<SessionHits> = object<SessionHits>("SessionHits", {
  hits: needed(
    listOf(
      object<SessionHit>("SessionHit", {
        session_key: needed(anyText, "the conversation"),
        title: needed(anyText, "what it is called"),
        role: needed(choice(["user", "assistant"]), "who said it"),
        excerpt: needed(anyText, "the place that fits, with what stands around it"),
        timestamp: needed(anyText, "when, ISO 8601"),
      }),
    ),
    "newest first",
  ),
});

export const sessionTitle: ObjectShape<SessionTitle> = object<SessionTitle>(
  "SessionTitle",
  { session_key: sessionKey, title: needed(anyText, "at most 200 characters; empty: its first words again") },
  strict,
);

export const sessionSubscription: ObjectShape<SessionSubscription> = object<SessionSubscription>(
  "SessionSubscription",
  {
    session_key: sessionKey,
    stream: optional(text(), "where an earlier subscription left off: its `stream`"),
    since: optional(integer(0), "and the `seq` of the last event that came"),
  },
  strict,
);

const runningStep: ObjectShape<RunningStep> = object<RunningStep>("RunningStep", {
  ...chatStepFields,
  after_part: needed(integer(0), "how many parts stand before it"),
});

const runningAnswer: ObjectShape<RunningAnswer> = object<RunningAnswer>("RunningAnswer", {
  message_id: needed(anyText, "what it is known by"),
  parts: needed(listOf(anyText), "what is said so far"),
  steps: needed(listOf(runningStep), "the tools so far"),
});

export const sessionSubscribed: ObjectShape<SessionSubscribed> = object<SessionSubscribed>("SessionSubscribed", {
  session_key: needed(anyText, "the conversation"),
  stream: needed(anyText, "names this run of the gateway: numbers of another one mean nothing"),
  seq: needed(integer(0), "of the newest event"),
  resumed: needed(flag, "what was missed since `since` follows as events; otherwise read the history again"),
  running: needed(listOf(runningAnswer), "answers on their way; empty when resumed"),
});
