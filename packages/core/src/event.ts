import type { Chat, MessageRef, Origin } from "./address.ts";
import type { Json } from "./json.ts";

/** A file somebody sent, as a claim ticket: plain JSON that the adapter can turn into bytes later, also after a restart. */
export interface Attachment {
  readonly kind: "image" | "audio" | "voice" | "video" | "sticker" | "file";
  readonly ticket: Json;
  /** ISO 8601; after it the ticket is worthless. */
  readonly expiresAt?: string;
  readonly name?: string;
  readonly mimeType?: string;
  readonly sizeBytes?: number;
}

interface EventBase {
  readonly version: 1;
  /** Stable across redelivery: the same happening always carries the same id. */
  readonly eventId: string;
  readonly chat: Chat;
  readonly origin: Origin;
  /** When it happened, ISO 8601. */
  readonly at: string;
}

/** Somebody said something. */
export interface MessageEvent extends EventBase {
  readonly type: "message";
  readonly messageId: string;
  readonly text: string;
  /** The bot is meant: a direct message, a mention, a reply to the bot. */
  readonly addressed: boolean;
  /** Others are named, and the bot is not. */
  readonly forOthers?: boolean;
  readonly attachments: readonly Attachment[];
  readonly albumId?: string;
  readonly replyTo?: { readonly message: MessageRef; readonly text?: string; readonly ofBot: boolean };
  /** What a stateless caller brings along: earlier messages, model, instructions. */
  readonly request?: Json;
}

/** The text of an earlier message changed. An edit that leaves the text as it was does not exist. */
export interface EditEvent extends EventBase {
  readonly type: "edit";
  readonly messageId: string;
  readonly text: string;
}

export interface DeleteEvent extends EventBase {
  readonly type: "delete";
  readonly messageIds: readonly string[];
}

export interface ReactionEvent extends EventBase {
  readonly type: "reaction";
  readonly messageId: string;
  readonly emoji: string;
  readonly added: boolean;
}

/** A button was pressed. */
export interface ActionEvent extends EventBase {
  readonly type: "action";
  readonly messageId?: string;
  readonly token: string;
  readonly values?: Json;
  /** The platform's own name for this press: what `settleAction` needs besides the event. */
  readonly interaction?: Json;
}

/** A command the platform itself understands as one (a native slash command). */
export interface CommandEvent extends EventBase {
  readonly type: "command";
  readonly name: string;
  readonly arguments: string;
  /** The platform's own name for this call: what `settleAction` needs besides the event. */
  readonly interaction?: Json;
}

/** The person asked to stop, or went away. */
export interface ControlEvent extends EventBase {
  readonly type: "control";
  readonly control: "stop" | "gone";
}

export interface MembershipEvent extends EventBase {
  readonly type: "membership";
  readonly change: "bot-added" | "bot-removed" | "joined" | "left";
}

/** Understood by the adapter only, or undecodable: stored under a cap so that the cursor can move on. */
export interface OtherEvent extends EventBase {
  readonly type: "other";
  readonly name: string;
  readonly payload: Json;
  readonly undecodable?: boolean;
}

/** Everything a platform can tell. A later minor version may add kinds: a `switch` over them keeps a `default`. */
export type PlatformEvent =
  | MessageEvent
  | EditEvent
  | DeleteEvent
  | ReactionEvent
  | ActionEvent
  | CommandEvent
  | ControlEvent
  | MembershipEvent
  | OtherEvent;
