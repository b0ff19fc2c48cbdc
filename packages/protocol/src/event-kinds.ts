import type { ProtocolEvent } from "./stream.ts";

/** What an event of one kind says, for the documentation. */
export interface EventKind<Member extends string = string> {
  /** When it comes, as a sentence. */
  readonly summary: string;
  /** What each of its own members means, without a full stop. */
  readonly members: Readonly<Record<Member, string>>;
}

type OwnMember<Kind> = Exclude<
  Extract<keyof Extract<ProtocolEvent, { readonly type: Kind }>, string>,
  "type" | "session_key" | "seq"
>;

const ofMessage = "of the message that is answered";

/** Every kind of event there is, with every member it has: the compiler holds it against `ProtocolEvent`. */
export const eventKinds: { readonly [Kind in ProtocolEvent["type"]]: EventKind<OwnMember<Kind>> } = {
  "chat.message": {
    summary: "Somebody said something here: also oneself, from another window.",
    members: {
      message_id: "its id",
      text: "what was said",
      timestamp: "when it was said",
      author: "who said it, where that is known",
      attachments: "files that came with it, where there are any",
    },
  },
  "chat.delta": {
    summary: "More of an answer.",
    members: {
      message_id: ofMessage,
      delta:
        "what comes behind what was told: in their order they are the whole text; between two parts stands a blank line, which is part of it",
      part: "of which part of the answer, from 0 on",
    },
  },
  "chat.part": {
    summary: "A part of an answer reads differently now.",
    members: {
      message_id: ofMessage,
      part: "which part of the answer, from 0 on",
      text: "all of it, with the blank line it begins with behind another one",
    },
  },
  "chat.step": {
    summary: "A tool was begun or is over.",
    members: {
      message_id: ofMessage,
      after_part: "how many parts of the answer stand before it",
      step: "the tool: `call_id`, `title`, `state` (`running`, `done` or `failed`) and, at its end, what came of it as `summary`",
    },
  },
  "chat.reasoning": {
    summary: "What the agent thinks, where it tells.",
    members: { message_id: ofMessage, delta: "what comes behind what was told" },
  },
  "chat.done": {
    summary: "The answer is over.",
    members: {
      message_id: ofMessage,
      outcome: "how it ended, as in `chat.send`",
      text: "all of it, where it has more than deltas have told",
      timestamp: "when it ended",
    },
  },
  "chat.notice": {
    summary: "Something was said by itself, not in answer to a message.",
    members: { message_id: "its id", text: "what was said", timestamp: "when it was said" },
  },
  "session.changed": { summary: "Title, messages or state of the conversation are others now: read them again.", members: {} },
};
