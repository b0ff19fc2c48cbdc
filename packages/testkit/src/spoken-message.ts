import type { MessageEvent } from "@hermes/core";
import type { Spoken } from "./script.ts";

/** How many texts one send of the style `final` carries. */
export const textsPerSend = 5;

/** What a message of a scripted platform is made of. */
export interface SpokenMessage {
  readonly platform: string;
  readonly id: string;
  readonly text: string;
  readonly more: Partial<Spoken>;
  /** Each message brings the right to one answer. */
  readonly hasGrants: boolean;
}

/** A message as a scripted platform hands it over. */
export function spokenMessage({ platform, id, text, more, hasGrants }: SpokenMessage): MessageEvent {
  const {
    chatId = "c1",
    userId = "7",
    type = "dm",
    addressed = true,
    isBot = false,
    assurance = "platform",
    lifetime = "durable",
    at = "2026-01-01T00:00:00.000Z",
    threadId,
    albumId,
    attachments = [],
  } = more;
  const ref = { platform, chatId, ...(threadId === undefined ? {} : { threadId }) };
  return {
    version: 1,
    type: "message",
    eventId: id,
    messageId: id,
    chat: { ref, type },
    origin: {
      message: { ...ref, messageId: id },
      author: { id: userId, isBot, assurance },
      lifetime,
      ...(hasGrants ? { grant: { value: `grant-${id}`, uses: 1, partsPerUse: textsPerSend } } : {}),
    },
    at,
    text,
    addressed,
    attachments,
    ...(albumId === undefined ? {} : { albumId }),
  };
}
