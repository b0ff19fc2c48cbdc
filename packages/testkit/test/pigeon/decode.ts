import type { Attachment, Chat, Json, PlatformEvent } from "@hermes/core";
import { bot } from "./world.ts";

interface Raw {
  readonly number: number;
  readonly type: string;
  readonly message: {
    readonly id: string;
    readonly chat: string;
    readonly kind: "dm" | "group";
    readonly thread?: string;
    readonly author: { readonly id: string; readonly bot: boolean };
    readonly text: string;
    readonly attachments: readonly { readonly id: string; readonly kind: Attachment["kind"]; readonly sizeBytes: number }[];
    readonly textChanged?: boolean;
    readonly emoji?: string;
    readonly token?: string;
    readonly press?: string;
  };
}

/** Pigeon's clock: each update is told a second after the one before. */
const startMs = Date.UTC(2026, 0, 1);

/** The update that was told at that time. */
export function numberAt(at: string): number {
  return (Date.parse(at) - startMs) / 1000;
}

/** An update as an event; what cannot be read becomes one that says so. */
export function decode(platform: string, update: unknown): readonly PlatformEvent[] {
  const raw = update as Raw;
  if (typeof raw.message !== "object" || typeof raw.message.text !== "string") return [undecodable(platform, raw)];
  const { message } = raw;
  const ref = { platform, chatId: message.chat, ...(message.thread === undefined ? {} : { threadId: message.thread }) };
  const chat: Chat = { ref, type: message.kind };
  const base = {
    version: 1,
    eventId: `pigeon-${raw.number}`,
    chat,
    origin: {
      message: { ...ref, messageId: message.id },
      author: { id: message.author.id, isBot: message.author.bot, assurance: "platform" },
      lifetime: "durable",
    },
    at: new Date(startMs + raw.number * 1000).toISOString(),
  } as const;
  const messageId = message.id;
  if (raw.type !== "reaction" && raw.type !== "press" && message.author.id === bot.id) return [];
  switch (raw.type) {
    case "message": {
      const attachments = message.attachments.map(({ id, kind, sizeBytes }) => ({ kind, ticket: { id }, sizeBytes }));
      return [{ ...base, type: "message", messageId, text: message.text, addressed: message.kind === "dm", attachments }];
    }
    case "edit":
      return message.textChanged === true ? [{ ...base, type: "edit", messageId, text: message.text }] : [];
    case "delete":
      return [{ ...base, type: "delete", messageIds: [messageId] }];
    case "reaction":
      return [{ ...base, type: "reaction", messageId, emoji: message.emoji ?? "", added: true }];
    case "press":
      return [{ ...base, type: "action", messageId, token: message.token ?? "", interaction: message.press ?? "" }];
    default:
      return [undecodable(platform, raw)];
  }
}

function undecodable(platform: string, raw: Raw): PlatformEvent {
  return {
    version: 1,
    eventId: `pigeon-${raw.number}`,
    chat: { ref: { platform, chatId: "unknown" }, type: "group" },
    origin: { author: { id: "unknown", isBot: false, assurance: "asserted" }, lifetime: "durable" },
    at: new Date(startMs).toISOString(),
    type: "other",
    name: "undecodable",
    payload: JSON.parse(JSON.stringify(raw)) as Json,
    undecodable: true,
  };
}
