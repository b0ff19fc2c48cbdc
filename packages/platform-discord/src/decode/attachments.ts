import type { Attachment } from "@hermes/core";
import type { RawContent } from "./payloads.ts";

/** "This message is a voice message" (Message Flags). */
const isVoice = 1 << 13;

/** The files of a message, those of what it forwards included. Their tickets name the message: their addresses are good for a day. */
export function attachmentsOf(content: RawContent, channelId: string, messageId: string): readonly Attachment[] {
  const voice = ((content.flags ?? 0) & isVoice) !== 0;
  const files = content.attachments.map(({ id, filename, size, url, content_type: type }): Attachment => {
    const mimeType = type?.split(";")[0]?.trim();
    return {
      kind: voice ? "voice" : kindOf(mimeType ?? ""),
      // `expiresAt` is left out on purpose: an address that is too old is asked for anew, by the message.
      ticket: { channelId, messageId, attachmentId: id, url },
      name: filename,
      ...(mimeType === undefined || mimeType === "" ? {} : { mimeType }),
      sizeBytes: size,
    };
  });
  const stickers = (content.sticker_items ?? []).map(({ id, name, format_type: format }): Attachment => {
    const { extension, mimeType } = stickerFormats[format] ?? { extension: "png", mimeType: "image/png" };
    return { kind: "sticker", ticket: { stickerId: id, extension }, name: `${name}.${extension}`, mimeType };
  });
  return [...files, ...stickers];
}

/** PNG, APNG, Lottie, GIF (Sticker Format Types). */
const stickerFormats: Readonly<Record<number, { readonly extension: string; readonly mimeType: string }>> = {
  1: { extension: "png", mimeType: "image/png" },
  2: { extension: "png", mimeType: "image/png" },
  3: { extension: "json", mimeType: "application/json" },
  4: { extension: "gif", mimeType: "image/gif" },
};

function kindOf(mimeType: string): Attachment["kind"] {
  const [family = ""] = mimeType.toLowerCase().split("/");
  return family === "image" || family === "audio" || family === "video" ? family : "file";
}
