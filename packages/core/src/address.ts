import type { Json } from "./json.ts";

/** Where something is said. Two chats of one platform instance never share a `chatId`. */
export interface ChatRef {
  /** The instance's id (`work-bot`), not the kind: two bots of one kind never mix. */
  readonly platform: string;
  readonly chatId: string;
  /** Set only for real threads and topics that can be sent to. */
  readonly threadId?: string;
}

/** One message as the platform knows it. */
export interface MessageRef extends ChatRef {
  readonly messageId: string;
}

export type ChatType = "dm" | "group" | "channel";

/** What an event and a stored session know of a place. */
export interface Chat {
  readonly ref: ChatRef;
  readonly type: ChatType;
  readonly name?: string;
  /** The adapter's own knowledge (tenant, service address, encrypted or not): stored with the session and given back to `send`. */
  readonly facts?: Json;
}

/** Who speaks. `assurance` is `asserted` where the sender can be forged (e-mail From, SMS). */
export interface Author {
  /** The platform's stable id. Never a name that people can change. */
  readonly id: string;
  /** What they are called, as far as that is known when the event is told: another time it may be another, or none. */
  readonly name?: string;
  readonly isBot: boolean;
  readonly assurance: "platform" | "asserted";
  /** Ids of the roles the platform says this person has where the event happened; what they are let in by, where the operator says so. */
  readonly roles?: readonly string[];
}

/** The right to answer, where a platform rations it. Core counts the uses and holds text back when a grant is scarce. */
export interface ReplyGrant {
  readonly value: Json;
  /** ISO 8601. */
  readonly expiresAt?: string;
  /** How many sends it allows; absent = no limit. */
  readonly uses?: number;
  /** How many texts one of these sends may carry; absent = 1. */
  readonly partsPerUse?: number;
}

/** Where an event came from and how it may be answered. */
export interface Origin {
  readonly message?: MessageRef;
  readonly author: Author;
  readonly grant?: ReplyGrant;
  /** `request`: the answer has nowhere to go once this process ends (an HTTP caller, an RPC). */
  readonly lifetime: "durable" | "request";
}
