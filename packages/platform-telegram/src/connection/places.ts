import { PlatformError, type ChatRef, type MessageRef } from "@hermes/core";
import type { Place } from "../api/place.ts";

/** Sent to without a number; only its typing indicator names it. */
const generalTopic = 1;

/** A refusal of our own: Telegram is not asked. */
export function refusal(platform: string, what: string, why: string): PlatformError {
  return new PlatformError({ platform, failure: { kind: "invalid" }, message: `Cannot ${what}: ${why}` });
}

function number(id: string, what: string, platform: string): number {
  if (!/^-?[1-9]\d{0,15}$/u.test(id)) throw refusal(platform, "reach the chat", `${what} is not a Telegram id`);
  return Number(id);
}

/** The place as typing names it. @throws PlatformError `invalid` for what is none of Telegram's. */
export function placeOf({ platform, chatId, threadId }: ChatRef): Place {
  return {
    chatId: number(chatId, "the chat's id", platform),
    ...(threadId === undefined ? {} : { threadId: number(threadId, "the topic's id", platform) }),
  };
}

/** The place as messages name it: the General topic has no number. */
export function placeToSend(ref: ChatRef): Place {
  const { chatId, threadId } = placeOf(ref);
  return threadId === undefined || threadId === generalTopic ? { chatId } : { chatId, threadId };
}

/** A message's number in its chat. */
export function messageNumber({ platform, messageId }: MessageRef): number {
  return number(messageId, "the message's id", platform);
}
