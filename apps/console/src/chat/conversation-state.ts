import type { ChatAttachment, ChatMessage, ChatOutcome, ChatStep, RunningStep } from "@hermes/protocol";

/** What somebody said. */
export interface Question {
  readonly kind: "question";
  readonly id: string;
  readonly text: string;
  readonly timestamp: string;
  readonly state: NonNullable<ChatMessage["state"]>;
  readonly author?: string;
  readonly attachments: readonly ChatAttachment[];
}

/** What was answered; `parts` grow while it runs. */
export interface Answer {
  readonly kind: "answer";
  readonly id: string;
  readonly parts: readonly string[];
  readonly steps: readonly RunningStep[];
  readonly reasoning: string;
  readonly outcome: ChatOutcome | "running";
  /** Not there while it runs. */
  readonly timestamp?: string;
}

/** What the gateway itself said. */
export interface Notice {
  readonly kind: "notice";
  readonly id: string;
  readonly text: string;
  readonly timestamp: string;
}

/** A line of a conversation. */
export type Item = Question | Answer | Notice;

/** A conversation as far as this page knows it. */
export interface ConversationState {
  /** Oldest first. */
  readonly items: readonly Item[];
  /** Names the gateway's run that `seq` counts in; undefined: not subscribed yet. */
  readonly stream: string | undefined;
  readonly seq: number;
  /** Goes into `before` for earlier messages. */
  readonly earlier: string | undefined;
  /** Something happened that only a new look at the history tells. */
  readonly isStale: boolean;
}

/** Nothing is known yet. */
export const emptyConversation: ConversationState = {
  items: [],
  stream: undefined,
  seq: 0,
  earlier: undefined,
  isStale: false,
};

/** The whole text of an answer, as it would be copied. */
export function textOf(answer: Answer): string {
  return answer.parts
    .map((part) => part.trim())
    .filter((part) => part !== "")
    .join("\n\n");
}

/** Whether an answer is on its way or a message waits for one. */
export function isBusy({ items }: ConversationState): boolean {
  return items.some(
    (item) =>
      (item.kind === "answer" && item.outcome === "running") ||
      (item.kind === "question" && (item.state === "running" || item.state === "waiting")),
  );
}

/** A line of history as an item. */
export function itemOf(message: ChatMessage): Item {
  const { message_id: id, text, timestamp } = message;
  switch (message.role) {
    case "user":
      return {
        kind: "question",
        id,
        text,
        timestamp,
        state: message.state ?? "finished",
        attachments: message.attachments ?? [],
        ...(message.author === undefined ? {} : { author: message.author }),
      };
    case "assistant":
      return { kind: "answer", id, parts: [text], steps: stepsOf(message.steps), reasoning: "", outcome: "finished", timestamp };
    case "notice":
      return { kind: "notice", id, text, timestamp };
  }
}

/** History does not say where in the answer a tool was used: all of them stand before it. */
function stepsOf(steps: readonly ChatStep[] = []): readonly RunningStep[] {
  return steps.map((step) => ({ ...step, after_part: 0 }));
}
