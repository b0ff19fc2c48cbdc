import { hash } from "node:crypto";
import type { PlatformEvent } from "@hermes/core";

/** What Example delivers. Its bot is told of its own messages, too. */
interface Delivery {
  readonly id: string;
  readonly at: string;
  readonly chat: { readonly id: string; readonly kind: "direct" | "group" };
  readonly from: { readonly id: string; readonly name: string; readonly bot: boolean; readonly self: boolean };
  readonly message: { readonly id: string; readonly text: string; readonly mentions_bot: boolean };
}

/** The events of one delivery. What cannot be read becomes an event that says so: refused, it would come again and again. */
export function decode(body: string, platform: string): readonly PlatformEvent[] {
  const delivery = parse(body);
  if (delivery === undefined) return [undecodable(body, platform)];
  const { id, at, chat, from, message } = delivery;
  if (from.self) return [];
  const ref = { platform, chatId: chat.id };
  const type = chat.kind === "direct" ? "dm" : "group";
  const author = { id: from.id, name: from.name, isBot: from.bot, assurance: "platform" } as const;
  const origin = { message: { ...ref, messageId: message.id }, author, lifetime: "durable" } as const;
  const said = { messageId: message.id, text: message.text, addressed: type === "dm" || message.mentions_bot, attachments: [] };
  return [{ version: 1, type: "message", eventId: id, chat: { ref, type }, origin, at, ...said }];
}

function parse(body: string): Delivery | undefined {
  try {
    const delivery = JSON.parse(body) as Delivery;
    const { id, at, chat, from, message } = delivery;
    const texts = [id, at, chat.id, from.id, from.name, message.id, message.text].every((text) => typeof text === "string");
    const flags = [from.bot, from.self, message.mentions_bot].every((flag) => typeof flag === "boolean");
    return texts && flags && !Number.isNaN(Date.parse(at)) ? delivery : undefined;
  } catch {
    // No JSON, or parts of it are missing.
    return undefined;
  }
}

function undecodable(body: string, platform: string): PlatformEvent {
  const chat = { ref: { platform, chatId: "unknown" }, type: "group" } as const;
  const origin = { author: { id: "unknown", isBot: false, assurance: "platform" }, lifetime: "durable" } as const;
  const eventId = `undecodable:${hash("sha256", body)}`;
  const payload = { beginning: body.slice(0, 500).toWellFormed() };
  return {
    version: 1,
    type: "other",
    name: "delivery",
    eventId,
    chat,
    origin,
    at: new Date().toISOString(),
    payload,
    undecodable: true,
  };
}
