import { buildSessionKey, newPart, type Chat, type MessageEvent, type Part, type SessionKey } from "@hermes/core";
import type { EventIntake, Store } from "../store.ts";

/** How the suite gets at an implementation. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Another handle on the same data, as a second process would have it. */
  another?(): Store;
  dispose(): Promise<void>;
}

/** The platform of all samples. */
export const platform = "scripted";

/** A direct chat. */
export function chatOf(chatId: string): Chat {
  return { ref: { platform, chatId }, type: "dm" };
}

/** Its session's key. */
export function keyOf(chatId: string): SessionKey {
  return buildSessionKey({ kind: "chat", chat: chatOf(chatId) });
}

/** A message as an adapter would hand it over. */
export function messageOf(chatId: string, eventId: string, text = `text of ${eventId}`): MessageEvent {
  return {
    version: 1,
    type: "message",
    eventId,
    messageId: eventId,
    chat: chatOf(chatId),
    origin: { author: { id: "7", isBot: false, assurance: "platform" }, lifetime: "durable" },
    at: "2026-01-01T00:00:00.000Z",
    text,
    addressed: true,
    attachments: [],
  };
}

/** A message that starts a turn. */
export function turnIntake(chatId: string, eventId: string, text?: string): EventIntake {
  return {
    event: messageOf(chatId, eventId, text),
    verdict: "run",
    rule: "allow-all",
    work: { kind: "turn", sessionKey: keyOf(chatId) },
  };
}

/** A message that gives a command. */
export function commandIntake(chatId: string, eventId: string): EventIntake {
  return { ...turnIntake(chatId, eventId, "/status"), work: { kind: "command", sessionKey: keyOf(chatId) } };
}

/** A part in this state. */
export function partOf(index: number, state: Part["state"], more: Partial<Part> = {}): Part {
  const isSent = state === "sent";
  const refs = isSent ? [{ platform, chatId: "a", messageId: `m${index}` }] : [];
  return { ...newPart(index), state, desired: [`part ${index}`], desiredRevision: 1, refs, ...more };
}
