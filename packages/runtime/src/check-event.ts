import { createHash } from "node:crypto";
import type { OtherEvent, PlatformEvent } from "@hermes/core";

const maxIdLength = 512;
/** Deleted at once. */
const maxIds = 1000;
/** Of one person in one place. */
const maxRoles = 500;
const maxTextLength = 1_000_000;

/**
 * An event as an adapter handed it over, or what stands in for it: an adapter may have a fault, and an event that cannot be kept as
 * it is must not stop the cursor behind it.
 */
export function checkEvent(platform: string, event: PlatformEvent, nowMs: number): PlatformEvent {
  const fault = faultOf(platform, event);
  return fault === undefined ? event : undecodable(platform, event, fault, new Date(nowMs).toISOString());
}

// The types promise more than code of others keeps: look before believing.
type Unknown<K extends string> = { readonly [P in K]?: unknown };
type SeenChat = (Unknown<"type"> & { readonly ref?: Unknown<"platform" | "chatId" | "threadId"> | null }) | null;
type SeenOrigin = (Unknown<"lifetime"> & { readonly author?: Unknown<"id" | "isBot" | "assurance" | "roles"> | null }) | null;
type SeenEvent = Unknown<"version" | "eventId" | "type" | "at"> & { readonly chat?: SeenChat; readonly origin?: SeenOrigin };

function faultOf(platform: string, event: PlatformEvent): string | undefined {
  const seen: SeenEvent | null = event;
  if (typeof seen !== "object" || seen === null) return "not an object";
  if (seen.version !== 1) return "a version other than 1";
  if (!isId(seen.eventId)) return "no usable eventId";
  if (typeof seen.type !== "string" || typeof seen.at !== "string") return "no type or time";
  return chatFault(platform, seen.chat) ?? originFault(seen.origin) ?? bodyFault(event) ?? jsonFault(event);
}

function chatFault(platform: string, chat: SeenChat | undefined): string | undefined {
  if (chat?.ref?.platform !== platform) return "a chat of another platform";
  const { chatId, threadId } = chat.ref;
  if (!isId(chatId) || (threadId !== undefined && !isId(threadId))) return "no usable chat id";
  return ["dm", "group", "channel"].includes(String(chat.type)) ? undefined : "an unknown chat type";
}

function originFault(origin: SeenOrigin | undefined): string | undefined {
  const author = origin?.author;
  if (typeof author?.id !== "string" || author.id.length > maxIdLength) return "no author";
  // Left out, they would make a bot a person, and a forged name a known one.
  if (typeof author.isBot !== "boolean") return "an author who may be a bot";
  if (author.assurance !== "platform" && author.assurance !== "asserted") return "an author of unknown assurance";
  if (author.roles !== undefined && !isRoleList(author.roles)) return "no usable list of roles";
  return origin?.lifetime === "durable" || origin?.lifetime === "request" ? undefined : "no lifetime";
}

/** Of each kind what something acts on; an event of another kind is only noted. */
function bodyFault(event: PlatformEvent): string | undefined {
  switch (event.type) {
    case "message":
      if (!isText(event.text)) return "no usable text";
      if (typeof event.addressed !== "boolean") return "a message that says not whom it is for";
      if (event.forOthers !== undefined && typeof event.forOthers !== "boolean") return "a message that says not whom it is for";
      return Array.isArray(event.attachments) ? undefined : "no list of attachments";
    case "command":
      return isId(event.name) && isText(event.arguments) ? undefined : "no usable command";
    case "edit":
      return isId(event.messageId) && isText(event.text) ? undefined : "no usable edit";
    case "action":
      return isId(event.token) ? undefined : "no usable token";
    case "delete":
      return isIdList(event.messageIds) ? undefined : "no usable list of messages";
    default:
      return undefined;
  }
}

function isRoleList(value: unknown): boolean {
  return Array.isArray(value) && value.length <= maxRoles && value.every(isId);
}

function isIdList(value: unknown): boolean {
  return Array.isArray(value) && value.length <= maxIds && value.every(isId);
}

function jsonFault(event: PlatformEvent): string | undefined {
  try {
    JSON.stringify(event);
    return undefined;
  } catch {
    return "not JSON";
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value.length <= maxTextLength;
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
