import { hash } from "node:crypto";
import { payloadText, type Author, type Chat, type MessageEvent } from "@hermes/core";
import { isEventId, isUserId } from "../identifiers.ts";
import { fieldsOf, textIn, type RawEvent } from "./raw-event.ts";

/** What is known of an earlier event. */
export interface KnownEvent {
  readonly sender: string;
  readonly kind: "message" | "reaction" | "edit";
  readonly threadId: string | undefined;
  /** What it says now; of a reaction its emoji. */
  readonly text: string;
  /** The event that said so last: itself, or its latest edit. */
  readonly saidBy: string;
  /** What a reaction or an edit is to. */
  readonly target: string | undefined;
}

/** A room, as its events see it. */
export interface RoomFacts {
  readonly roomId: string;
  readonly isDirect: boolean;
  readonly isEncrypted: boolean;
  readonly name: string | undefined;
}

/** What decoding needs to know besides the event. */
export interface DecodeContext {
  /** The instance's id. */
  readonly platform: string;
  /** The bot's user id. */
  readonly botId: string;
  readonly botName: string | undefined;
  readonly room: RoomFacts;
  /** Commands that people may write with `!`. */
  readonly commands: ReadonlySet<string>;
  /** What people in the room call themselves. */
  nameOf(userId: string): string | undefined;
  /** The earlier event that this one needs, as far as it could be found. */
  readonly related: KnownEvent | undefined;
  /** When it arrived, for what carries no time. */
  readonly nowMs: number;
}

export type Common = Pick<MessageEvent, "version" | "eventId" | "chat" | "origin" | "at">;

const maxNameLength = 120;

/** What all events share. The id holds the bot's, so that another bot under the same instance name never repeats one. */
export function commonOf(
  event: Pick<RawEvent, "id" | "sender" | "atMs">,
  context: DecodeContext,
  place: { readonly threadId?: string | undefined; readonly messageId?: string | undefined; readonly isBot?: boolean } = {},
): Common {
  const chat = chatOf(context, place.threadId);
  const author = authorOf(event.sender, context, place.isBot === true);
  const message = place.messageId === undefined ? {} : { message: { ...chat.ref, messageId: place.messageId } };
  return {
    version: 1,
    eventId: `${context.botId}/${event.id}`,
    chat,
    origin: { ...message, author, lifetime: "durable" },
    at: new Date(event.atMs).toISOString(),
  };
}

/** A room or a thread in it, as events and the gateway's sessions know it. */
export function chatOf({ platform, room }: Pick<DecodeContext, "platform" | "room">, threadId?: string): Chat {
  const name = shortName(room.name);
  return {
    ref: { platform, chatId: room.roomId, ...(threadId === undefined ? {} : { threadId }) },
    type: room.isDirect ? "dm" : "group",
    ...(name === undefined ? {} : { name }),
    ...(room.isEncrypted ? { facts: { encrypted: true } } : {}),
  };
}

export function authorOf(userId: string, context: Pick<DecodeContext, "nameOf">, isBot: boolean): Author {
  const name = shortName(context.nameOf(userId));
  return { id: userId, ...(name === undefined ? {} : { name }), isBot, assurance: "platform" };
}

/** As much as can be told of an event that is none. */
export function unreadPlace(raw: unknown, context: DecodeContext): Common {
  const event = fieldsOf(raw);
  const [id, sender] = [textIn(event, "event_id"), textIn(event, "sender")];
  return commonOf(
    {
      id: id !== undefined && isEventId(id) ? id : contentHash([context.room.roomId, raw]),
      sender: sender !== undefined && isUserId(sender) ? sender : "unknown",
      atMs: context.nowMs,
    },
    context,
  );
}

/** A name as one line of bounded length: names are anybody's text. */
export function shortName(name: string | undefined): string | undefined {
  const line = name
    ?.toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, " ")
    .trim();
  return line === undefined || line === "" ? undefined : line.slice(0, maxNameLength).toWellFormed();
}

/** Names what has no id of its own: the same content has the same name. */
export function contentHash(content: unknown): string {
  return hash("sha256", payloadText(content)).slice(0, 32);
}
