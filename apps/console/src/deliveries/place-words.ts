import type { Chat } from "@hermes/protocol";
import { platformName } from "../sessions/platform-name.ts";

/** A chat in a few words: `Telegram · Family`. */
export function placeWords({ platform, chatId, threadId, name }: Chat): string {
  const place = `${platformName(platform)} · ${name ?? chatId}`;
  return threadId === undefined ? place : `${place} · ${threadId}`;
}
