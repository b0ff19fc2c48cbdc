import type { Json } from "@hermes/core";
import { part, type Answer, type Calls } from "./calls.ts";
import { failureOf } from "./failure.ts";

/** What is put into rooms, and taken out. Each throws a `PlatformError` and nothing else. */
export interface MessageCalls {
  /** Returns the event's id: the same for each try under one `transactionId`. */
  sendEvent(place: EventPlace, content: EventContent, signal?: AbortSignal): Promise<string>;
  redact(roomId: string, eventId: string, transactionId: string): Promise<void>;
  /** One event of a room; undefined where there is none, or it may not be seen. */
  findEvent(roomId: string, eventId: string, signal?: AbortSignal): Promise<Answer | undefined>;
  /** The bot's own reactions to a message with this emoji, as far as one page of them goes. */
  findReactions(roomId: string, eventId: string, key: string): Promise<readonly string[]>;
  setTyping(roomId: string, isTyping: boolean, timeoutMs: number): Promise<void>;
  markRead(roomId: string, eventId: string, threadId: string, signal: AbortSignal): Promise<void>;
}

export interface EventPlace {
  readonly roomId: string;
  readonly type: "m.room.message" | "m.reaction" | "m.sticker";
  readonly transactionId: string;
}

/** An event's content: plain JSON. */
export type EventContent = Readonly<Record<string, Json>>;

export function messageCalls({ request, caller, userId }: Calls): MessageCalls {
  return {
    async sendEvent({ roomId, type, transactionId }, content, signal) {
      const what = `send to ${roomId}`;
      const path = `/rooms/${part(roomId)}/send/${type}/${part(transactionId)}`;
      const { event_id: id } = await request(what, { method: "PUT", path, body: content, signal });
      if (typeof id === "string") return id;
      throw failureOf({ kind: "unavailable" }, what, "the answer names no event", caller);
    },
    async redact(roomId, eventId, transactionId) {
      const path = `/rooms/${part(roomId)}/redact/${part(eventId)}/${part(transactionId)}`;
      await request(`remove a message in ${roomId}`, { method: "PUT", path, body: {} }, "message");
    },
    async findEvent(roomId, eventId, signal) {
      const path = `/rooms/${part(roomId)}/event/${part(eventId)}`;
      return orMissing(request(`look up a message in ${roomId}`, { method: "GET", path, signal }, "message"));
    },
    async findReactions(roomId, eventId, key) {
      const path = `/rooms/${part(roomId)}/relations/${part(eventId)}/m.annotation/m.reaction`;
      const call = { method: "GET", path, prefix: "/_matrix/client/v1", query: { limit: "100" } } as const;
      const { chunk } = (await orMissing(request(`look up reactions in ${roomId}`, call, "message"))) ?? {};
      return (Array.isArray(chunk) ? (chunk as readonly unknown[]) : []).flatMap((event) => {
        const { event_id: id, sender, content } = (event ?? {}) as Answer;
        const relation = ((content ?? {}) as Answer)["m.relates_to"] as Answer | undefined;
        return sender === userId && relation?.["key"] === key && typeof id === "string" ? [id] : [];
      });
    },
    async setTyping(roomId, isTyping, timeoutMs) {
      const path = `/rooms/${part(roomId)}/typing/${part(userId)}`;
      const body = { typing: isTyping, ...(isTyping ? { timeout: timeoutMs } : {}) };
      await request(`show typing in ${roomId}`, { method: "PUT", path, body });
    },
    async markRead(roomId, eventId, threadId, signal) {
      const path = `/rooms/${part(roomId)}/receipt/m.read/${part(eventId)}`;
      await request(`mark ${roomId} as read`, { method: "POST", path, body: { thread_id: threadId }, signal });
    },
  };
}

/** undefined where the homeserver finds nothing, or nothing that the bot may see. */
export async function orMissing(answer: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { kind } = (error as { readonly failure?: { readonly kind?: unknown } }).failure ?? {};
    if (kind === "not-found" || kind === "forbidden") return undefined;
    throw error;
  }
}
