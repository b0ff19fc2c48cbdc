import type { Attachment } from "@hermes/core";
import type { TelegramMessage } from "./update.ts";

interface File {
  readonly file_id: string;
  readonly file_unique_id: string;
  readonly file_size?: number | undefined;
  readonly file_name?: string | undefined;
  readonly mime_type?: string | undefined;
}

/** The file a message carries: one or none, since Telegram sends an album picture by picture. */
export function attachmentsOf(message: TelegramMessage): readonly Attachment[] {
  const { photo, animation, video, video_note: note, voice, audio, document, sticker } = message;
  const largest = photo?.toSorted((a, b) => b.width * b.height - a.width * a.height)[0];
  if (largest !== undefined) return [attachment("image", largest, { mimeType: "image/jpeg" })];
  // An animation is a film without sound; for older clients it is a document as well.
  if (animation !== undefined) return [attachment("video", animation, { mimeType: "video/mp4" })];
  if (video !== undefined) return [attachment("video", video, { mimeType: "video/mp4" })];
  if (note !== undefined) return [attachment("video", note, { mimeType: "video/mp4" })];
  if (voice !== undefined) return [attachment("voice", voice, { mimeType: "audio/ogg" })];
  if (audio !== undefined) return [attachment("audio", audio, {})];
  if (document !== undefined) return [attachment("file", document, {})];
  if (sticker !== undefined) return [attachment("sticker", sticker, stickerFormat(sticker))];
  return [];
}

/** `.WEBP`, `.TGS` or `.WEBM` (Bot API, Sticker): which of them is told by two flags alone. */
function stickerFormat(sticker: NonNullable<TelegramMessage["sticker"]>): { readonly name: string; readonly mimeType: string } {
  if (sticker.is_animated) return { name: "sticker.tgs", mimeType: "application/x-tgsticker" };
  if (sticker.is_video) return { name: "sticker.webm", mimeType: "video/webm" };
  return { name: "sticker.webp", mimeType: "image/webp" };
}

function attachment(
  kind: Attachment["kind"],
  file: File,
  usual: { readonly name?: string; readonly mimeType?: string },
): Attachment {
  const name = file.file_name ?? usual.name;
  const mimeType = file.mime_type ?? usual.mimeType;
  return {
    kind,
    // The id serves this bot for as long as the file is there: the ticket does not expire.
    ticket: { fileId: file.file_id, uniqueId: file.file_unique_id },
    ...(name === undefined ? {} : { name }),
    ...(mimeType === undefined ? {} : { mimeType }),
    ...(file.file_size === undefined ? {} : { sizeBytes: file.file_size }),
  };
}
