import type { Attachment } from "@hermes/core";
import type * as wire from "@hermes/protocol";
import type { Conversation, Found, Message } from "@hermes/runtime";
import { mapChat } from "./map-ledger.ts";

/** A conversation as it stands on the wire. */
export function mapConversation({
  sessionKey,
  title,
  chat,
  createdAtMs,
  updatedAtMs,
  isRunning,
}: Conversation): wire.SessionInfo {
  return {
    session_key: sessionKey,
    title,
    chat: mapChat(chat),
    created_at: timestamp(createdAtMs),
    updated_at: timestamp(updatedAtMs),
    running: isRunning,
  };
}

/** Something that was said as it stands on the wire. `pathOf` is where a browser gets a file; among others it is told who said it. */
export function mapMessage(
  message: Message,
  pathOf: (attachment: Attachment) => string | undefined,
  isAmongOthers: boolean,
): wire.ChatMessage {
  const { id, role, text, atMs, state, author, attachments, steps, sessionId } = message;
  return {
    message_id: id,
    role,
    text,
    timestamp: timestamp(atMs),
    ...(state === undefined ? {} : { state }),
    ...(author === undefined || !isAmongOthers ? {} : { author: author.name ?? author.id }),
    ...(attachments.length === 0 ? {} : { attachments: attachments.map((each) => mapAttachment(each, pathOf(each))) }),
    ...(steps.length === 0 ? {} : { steps: steps.map(({ callId, ...step }) => ({ call_id: callId, ...step })) }),
    ...(sessionId === undefined ? {} : { session_id: sessionId }),
  };
}

function mapAttachment({ kind, name, mimeType, sizeBytes }: Attachment, path: string | undefined): wire.ChatAttachment {
  return {
    kind,
    ...(name === undefined ? {} : { name }),
    ...(mimeType === undefined ? {} : { mime_type: mimeType }),
    ...(sizeBytes === undefined ? {} : { size: sizeBytes }),
    ...(path === undefined ? {} : { path }),
  };
}

const around = 80;

/** A place that fits what was looked for, with what stands around it. */
export function mapHit({ sessionKey, title, role, text, atMs }: Found, wanted: string): wire.SessionHit {
  const at = Math.max(0, text.toLowerCase().indexOf(wanted.toLowerCase()));
  const [from, to] = [Math.max(0, at - around), Math.min(text.length, at + wanted.length + around)];
  const excerpt = `${from > 0 ? "…" : ""}${text.slice(from, to)}${to < text.length ? "…" : ""}`;
  return { session_key: sessionKey, title, role, excerpt, timestamp: timestamp(atMs) };
}

function timestamp(atMs: number): string {
  return new Date(atMs).toISOString();
}
