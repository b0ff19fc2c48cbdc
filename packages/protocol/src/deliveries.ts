import { needed, object, optional, type FieldsOf, type ObjectShape } from "./object-shape.ts";
import { pageOf, type Page } from "./page.ts";
import { author, chat, messageRef, type Author, type Chat, type MessageRef } from "./places.ts";
import { anyText, choice, flag, integer, listOf, moment } from "./shape.ts";

/**
 * Where a delivery stands.
 *
 * - `running`: its turn still runs; what is shown so far may be a beginning.
 * - `queued`: parts wait to be shown.
 * - `sending`: a call is in flight.
 * - `parked`: its chat cannot be reached and is tried again later.
 * - `sent`: all of it is shown.
 * - `unknown`: a part of it may or may not stand there.
 * - `failed`: a part of it was refused or given up.
 * - `empty`: there was nothing to say.
 */
export type DeliveryState = (typeof deliveryStates)[number];
const deliveryStates = ["running", "queued", "sending", "parked", "sent", "unknown", "failed", "empty"] as const;

/** One answer or notice on its way to a chat. */
export interface Delivery {
  readonly replyId: string;
  readonly kind: "turn" | "notice";
  readonly state: DeliveryState;
  readonly sessionKey: string;
  readonly chat: Chat;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly parts: number;
  readonly partsSent: number;
  readonly attempts: number;
  readonly failure?: string;
  readonly seq?: number;
}

/** A delivery with its parts. */
export interface DeliveryDetails extends Delivery {
  readonly author?: Author;
  readonly answers?: MessageRef;
  readonly outcome?: "finished" | "interrupted" | "failed";
  readonly details: readonly DeliveryPart[];
}

/** One message of a delivery. */
export interface DeliveryPart {
  readonly index: number;
  readonly kind: "text" | "notice" | "undelivered" | "progress";
  readonly state: "queued" | "sending" | "sent" | "unknown" | "failed";
  readonly attempts: number;
  readonly failure?: string;
  readonly refs: readonly MessageRef[];
  readonly shownAtMs?: number;
  readonly marked: boolean;
  readonly text: string;
}

const deliveryFields: FieldsOf<Delivery> = {
  replyId: needed(anyText, "what it is known by"),
  kind: needed(choice(["turn", "notice"]), "an answer of the agent, or something the gateway itself says"),
  state: needed(choice(deliveryStates), "where it stands"),
  sessionKey: needed(anyText, "the conversation it belongs to"),
  chat: needed(chat, "where it goes"),
  startedAtMs: needed(moment, "when its turn started, or the notice was made"),
  endedAtMs: optional(moment, "when its text was complete"),
  parts: needed(integer(0), "messages it consists of"),
  partsSent: needed(integer(0), "how many of them are shown"),
  attempts: needed(integer(0), "calls that failed since the last one that did not"),
  failure: optional(anyText, "why the last call failed, or `dropped`"),
  seq: optional(integer(0), "number of the event it answers"),
};

export const delivery: ObjectShape<Delivery> = object("Delivery", deliveryFields);
export const deliveryPage: ObjectShape<Page<Delivery>> = pageOf("DeliveryPage", delivery);

const deliveryPart: ObjectShape<DeliveryPart> = object<DeliveryPart>("DeliveryPart", {
  index: needed(integer(0), "its place in the answer"),
  kind: needed(
    choice(["text", "notice", "undelivered", "progress"]),
    "the answer, a notice in it, or the word that a part was not delivered",
  ),
  state: needed(choice(["queued", "sending", "sent", "unknown", "failed"]), "where it stands"),
  attempts: needed(integer(0), "calls that failed since the last one that did not"),
  failure: optional(anyText, "why the last call failed, or `dropped`"),
  refs: needed(listOf(messageRef), "what stands on the platform"),
  shownAtMs: optional(moment, "when it was first shown"),
  marked: needed(flag, "it may stand there twice, and says so"),
  text: needed(anyText, "what it says"),
});

export const deliveryDetails: ObjectShape<DeliveryDetails> = object<DeliveryDetails>("DeliveryDetails", {
  ...deliveryFields,
  author: optional(author, "whom it answers"),
  answers: optional(messageRef, "the message it answers"),
  outcome: optional(choice(["finished", "interrupted", "failed"]), "how the turn ended"),
  details: needed(listOf(deliveryPart), "its parts, in order"),
});
