import { needed, object, optional, type FieldsOf, type ObjectShape } from "./object-shape.ts";
import { pageOf, type Page } from "./page.ts";
import { author, chat, type Author, type Chat } from "./places.ts";
import { anyText, choice, integer, moment } from "./shape.ts";

/** What admission decided. `run`: an agent or command takes it; `observe`: noted only; `pair`: it claims the bot; `refuse`: not let in. */
export type Verdict = (typeof verdicts)[number];
export const verdicts = ["run", "observe", "pair", "refuse"] as const;

/** Where an event stands. `recorded`: noted only; `taken`: a turn or command took it; `dropped`: taken out of the queue; `answer`: it answers a question an agent asked. */
export type EventState = (typeof eventStates)[number];
export const eventStates = ["recorded", "waiting", "taken", "dropped", "answer"] as const;

/** One event as it was taken in. */
export interface EventRecord {
  readonly seq: number;
  readonly platform: string;
  readonly eventId: string;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly state: EventState;
  readonly atMs: number;
  readonly sessionKey?: string;
  readonly work?: "turn" | "command" | "answer";
}

/** An event with what is kept of it: nothing of one that was refused, nor once its time is over. */
export interface EventDetails extends EventRecord {
  readonly content?: EventContent;
}

/** What an event says, without what only its platform understands. */
export interface EventContent {
  readonly type: string;
  readonly author: Author;
  readonly chat: Chat;
  readonly happenedAtMs?: number;
  readonly messageId?: string;
  readonly text?: string;
  readonly attachments: number;
}

const eventFields: FieldsOf<EventRecord> = {
  seq: needed(integer(0), "its number; grows in the order of acceptance"),
  platform: needed(anyText, "the platform it happened on"),
  eventId: needed(anyText, "what it is known by there"),
  verdict: needed(choice(verdicts), "what admission decided"),
  rule: needed(anyText, "the rule that decided it"),
  state: needed(choice(eventStates), "where it stands"),
  atMs: needed(moment, "when it was taken in"),
  sessionKey: optional(anyText, "the conversation it belongs to"),
  work: optional(choice(["turn", "command", "answer"]), "what it is to become"),
};

export const eventRecord: ObjectShape<EventRecord> = object("EventRecord", eventFields);
export const eventPage: ObjectShape<Page<EventRecord>> = pageOf("EventPage", eventRecord);

const eventContent: ObjectShape<EventContent> = object<EventContent>("EventContent", {
  type: needed(anyText, "`message`, `edit`, `reaction`, `action`, `command` …"),
  author: needed(author, "who did it"),
  chat: needed(chat, "where"),
  happenedAtMs: optional(moment, "when, by the platform's clock"),
  messageId: optional(anyText, "the message's id on its platform"),
  text: optional(anyText, "what was said"),
  attachments: needed(integer(0), "how many files came with it"),
});

export const eventDetails: ObjectShape<EventDetails> = object<EventDetails>("EventDetails", {
  ...eventFields,
  content: optional(eventContent, "what is kept of it: nothing where it was refused, nor once its time is over"),
});
