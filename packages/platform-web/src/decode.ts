import { createHash, randomUUID } from "node:crypto";
import { buildSessionKey, type Attachment, type Author, type Chat, type ControlEvent, type MessageEvent } from "@hermes/core";
import { RpcError, type ChatAsk } from "@hermes/protocol";
import type { WebCredential } from "./options.ts";

/** A conversation of this door. */
export interface Place {
  readonly chat: Chat;
  readonly sessionKey: string;
}

const chatIdPattern = /^[A-Za-z0-9_-]{1,64}(?:\.[A-Za-z0-9_-]{1,64})?$/u;
const userIdPattern = /^[A-Za-z0-9_-]{1,64}$/u;

/** Whether an id can be a user's of this door. */
export function isUserId(text: string): boolean {
  return userIdPattern.test(text);
}

/** Whether an id can be a chat's of this door: a user's own first one, or `<user>.<anything>`. */
export function isChatId(text: string): boolean {
  return chatIdPattern.test(text);
}

/** The conversation in a chat of this door. */
export function placeOf(platform: string, chatId: string): Place {
  const chat: Chat = { ref: { platform, chatId }, type: "dm" };
  return { chat, sessionKey: buildSessionKey({ kind: "chat", chat }) };
}

/**
 * Where a credential may write: into its own conversations, and with the scope `admin` into every one of this door.
 *
 * @throws RpcError `invalid-params` for a key that is not of this door, `forbidden` for somebody else's conversation.
 */
export function placeToWrite(platform: string, sessionKey: string | undefined, { userId, scope }: WebCredential): Place {
  if (sessionKey === undefined) return placeOf(platform, userId);
  const chatId = chatIdOf(platform, sessionKey);
  const isOwn = chatId === userId || chatId.startsWith(`${userId}.`);
  if (!isOwn && scope !== "admin") {
    throw new RpcError("forbidden", "This conversation belongs to somebody else", { field: "session_key" });
  }
  return placeOf(platform, chatId);
}

/** The only way to a key is to build it: whatever does not build the same key again is none of this door's. */
function chatIdOf(platform: string, sessionKey: string): string {
  const probe = "x";
  const prefix = placeOf(platform, probe).sessionKey.slice(0, -probe.length);
  const chatId = sessionKey.startsWith(prefix) ? sessionKey.slice(prefix.length) : undefined;
  if (chatId !== undefined && isChatId(chatId) && placeOf(platform, chatId).sessionKey === sessionKey) return chatId;
  const why =
    chatId === undefined
      ? `This conversation is not one of this door: it can be read here, but not written to. A key to write to begins with \`${prefix}\``
      : `Expected what follows \`${prefix}\` to be a user's id, or that id, a dot and 1 to 64 of \`A-Z a-z 0-9 _ -\``;
  throw new RpcError("invalid-params", why, { field: "session_key" });
}

/** What a message is known by: with an idempotency key always the same. */
export function messageIdOf({ idempotency_key }: ChatAsk, { userId }: WebCredential): string {
  if (idempotency_key === undefined) return randomUUID();
  return `key-${createHash("sha256").update(`${userId}\n${idempotency_key}`).digest("base64url").slice(0, 32)}`;
}

/** The same for the same message: another one under its key is told from it. */
export function fingerprintOf({ text, attachments = [] }: ChatAsk, sessionKey: string): string {
  return createHash("sha256")
    .update(JSON.stringify([sessionKey, text, attachments]))
    .digest("base64url");
}

/** What was said, as an event. */
export function toMessage(said: {
  readonly eventId: string;
  readonly messageId: string;
  readonly place: Place;
  readonly credential: WebCredential;
  readonly text: string;
  readonly attachments: readonly Attachment[];
  readonly at: string;
}): MessageEvent {
  const { eventId, messageId, place, credential, text, attachments, at } = said;
  return {
    version: 1,
    type: "message",
    eventId,
    messageId,
    chat: place.chat,
    origin: { message: { ...place.chat.ref, messageId }, author: authorOf(credential), lifetime: "durable" },
    at,
    text,
    addressed: true,
    attachments,
  };
}

/** Somebody wants the answer to stop. */
export function toStop(place: Place, credential: WebCredential, at: string): ControlEvent {
  return {
    version: 1,
    type: "control",
    control: "stop",
    eventId: randomUUID(),
    chat: place.chat,
    origin: { author: authorOf(credential), lifetime: "durable" },
    at,
  };
}

function authorOf({ userId, userName }: WebCredential): Author {
  return { id: userId, isBot: false, assurance: "platform", ...(userName === undefined ? {} : { name: userName }) };
}
