import { PlatformError, type Chat, type ChatRef, type MessageRef } from "@hermes/core";
import type { Place } from "../api/place.ts";
import { isSnowflake } from "../decode/snowflakes.ts";
import { shorten } from "../encode/shorten.ts";

/** A refusal of our own: Discord is not asked. */
export function refusal(platform: string, what: string, why: string): PlatformError {
  return new PlatformError({ platform, failure: { kind: "invalid" }, message: `Cannot ${what}: ${why}` });
}

/** @throws PlatformError `invalid` for what is no id of Discord's. */
export function checkedId(id: string, what: string, platform: string): string {
  if (isSnowflake(id)) return id;
  throw refusal(platform, "reach the chat", `${what} is not a Discord id`);
}

/** The channel or thread that a chat is. */
export function placeOf({ platform, chatId, threadId }: ChatRef): Place {
  const channelId = checkedId(chatId, "the channel's id", platform);
  if (threadId === undefined) return { channelId, isThread: false };
  return { channelId: checkedId(threadId, "the thread's id", platform), isThread: true };
}

/** Where a message stands: what a thread was made from stands in the channel, and has the thread's id. */
export function placeOfMessage({ messageId, threadId, ...ref }: MessageRef): Place {
  return placeOf(threadId === undefined || threadId === messageId ? ref : { ...ref, threadId });
}

/** The title of a thread that has yet to be opened, as the event from there says. */
export function titleToOpen({ ref, facts }: Chat): string | undefined {
  if (ref.threadId === undefined || typeof facts !== "object" || facts === null || !("opensThread" in facts)) return undefined;
  const title = facts["opensThread"];
  return typeof title === "string" ? title : undefined;
}

/** "1-100 character channel name" (Start Thread from Message). */
const maxNameLength = 100;

/** A name is a label: a longer title is shortened, an empty one replaced. */
export function threadName(title: string): string {
  return shorten(title.toWellFormed().replaceAll(/\s+/gu, " ").trim(), maxNameLength) || "…";
}
