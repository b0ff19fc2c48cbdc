import { createHash } from "node:crypto";
import type { OtherEvent, PlatformEvent } from "@hermes/core";

const maxIdLength = 512;
const maxTextLength = 1_000_000;

/**
 * An event as an adapter handed it over, or what stands in for it: an adapter may have a fault, and an event that cannot be kept as
 * it is must not stop the cursor behind it.
 */
export function checkEvent(platform: string, event: PlatformEvent, nowMs: number): PlatformEvent {
  const fault = faultOf(platform, event);
  return fault === undefined ? event : undecodable(platform, event, fault, new Date(nowMs).toISOString());
}

function faultOf(platform: string, event: PlatformEvent): string | undefined {
  // The types promise more than code of others keeps: look before believing.
  const seen = event as { readonly [K in keyof PlatformEvent]?: unknown } | null;
  if (typeof seen !== "object" || seen === null) return "not an object";
  if (seen.version !== 1) return "a version other than 1";
  if (!isId(seen.eventId)) return "no usable eventId";
  if (typeof seen.type !== "string" || typeof seen.at !== "string") return "no type or time";
  const chat = event.chat as Partial<PlatformEvent["chat"]> | undefined;
  if (chat?.ref?.platform !== platform) return "a chat of another platform";
  if (!isId(chat.ref.chatId) || (chat.ref.threadId !== undefined && !isId(chat.ref.threadId))) return "no usable chat id";
  if (chat.type !== "dm" && chat.type !== "group" && chat.type !== "channel") return "an unknown chat type";
  if (typeof (event.origin as Partial<PlatformEvent["origin"]> | undefined)?.author?.id !== "string") return "no author";
  if ("text" in event && (typeof event.text !== "string" || event.text.length > maxTextLength)) return "no usable text";
  return undefined;
}

function isId(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= maxIdLength;
}

function undecodable(platform: string, event: unknown, fault: string, at: string): OtherEvent {
  const id = (event as { readonly eventId?: unknown } | null)?.eventId;
  return {
    version: 1,
    type: "other",
    name: "invalid-event",
    eventId: isId(id) ? id : `invalid:${createHash("sha256").update(describe(event)).digest("hex")}`,
    chat: { ref: { platform, chatId: "unknown" }, type: "dm" },
    origin: { author: { id: "", isBot: false, assurance: "asserted" }, lifetime: "durable" },
    at,
    payload: { fault },
    undecodable: true,
  };
}

function describe(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    // A cycle or a BigInt: no JSON, so no two of them can be told apart.
    return "not JSON";
  }
}
