import { isPlatformError, type Attachment } from "@hermes/core";
import { z } from "zod";
import type { Api } from "../api.ts";
import { snowflake } from "../decode/channels.ts";
import { messageSchema, type RawContent } from "../decode/payloads.ts";
import { refusal } from "./places.ts";

const fileTicket = z.object({ channelId: snowflake, messageId: snowflake, attachmentId: snowflake, url: z.string() });
const stickerTicket = z.object({ stickerId: snowflake, extension: z.enum(["png", "json", "gif"]) });

export interface AttachmentParts {
  readonly platform: string;
  readonly api: Pick<Api, "openFile" | "getMessage">;
  readonly mediaHosts: readonly string[];
  readonly nowMs: () => number;
}

/** Fetches what somebody sent. An address that is too old, or is refused, is asked for anew: each is good for a day. */
export async function openAttachment(
  { ticket }: Attachment,
  { maxBytes, signal }: { readonly maxBytes: number; readonly signal: AbortSignal },
  { platform, api, mediaHosts, nowMs }: AttachmentParts,
): Promise<ReadableStream<Uint8Array>> {
  const sticker = stickerTicket.safeParse(ticket).data;
  if (sticker !== undefined) return api.openFile(stickerAddress(sticker, mediaHosts), maxBytes, signal);
  const file = fileTicket.safeParse(ticket).data;
  if (file === undefined) throw refusal(platform, "fetch an attachment", "its ticket is none of Discord's");
  if (!isExpired(file.url, nowMs())) {
    try {
      return await api.openFile(file.url, maxBytes, signal);
    } catch (error) {
      if (!isPlatformError(error) || error.failure.kind !== "not-found") throw error;
    }
  }
  const message = messageSchema.safeParse(await api.getMessage(file.channelId, file.messageId, signal)).data;
  const contents: readonly RawContent[] =
    message === undefined ? [] : [message, ...(message.message_snapshots ?? []).map((one) => one.message)];
  const fresh = contents.flatMap(({ attachments }) => attachments).find((attachment) => attachment.id === file.attachmentId);
  // Without a message to ask, the old address gives the reason.
  return api.openFile(fresh?.url ?? file.url, maxBytes, signal);
}

/** `ex`: "Hex timestamp indicating when an attachment CDN URL will expire" (Signed Attachment CDN URLs). */
function isExpired(address: string, nowMs: number): boolean {
  const expires = URL.parse(address)?.searchParams.get("ex") ?? "";
  return /^[0-9a-f]{1,10}$/iu.test(expires) && Number.parseInt(expires, 16) * 1000 <= nowMs;
}

/** Stickers lie on the first media host, moving ones on the second (CDN Endpoints). */
function stickerAddress(
  { stickerId, extension }: z.output<typeof stickerTicket>,
  [first = "", second = first]: readonly string[],
): string {
  const host = extension === "gif" ? second : first;
  const isLoopback = host.startsWith("127.0.0.1:") || host.startsWith("localhost:");
  return `${isLoopback ? "http" : "https"}://${host}/stickers/${stickerId}.${extension}`;
}
