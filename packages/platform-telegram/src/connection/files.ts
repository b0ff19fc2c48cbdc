import type { OutboundFile } from "@hermes/core";
import type { AlbumForm, FileForm } from "../api/files.ts";
import { capabilityTable } from "../capabilities.ts";

/** "The photo must be at most 10 MB in size" (Bot API, sendPhoto): a larger one goes as a document. */
const maxPhotoBytes = 10 * 1024 * 1024;

const photos: ReadonlySet<string> = new Set(["image/jpeg", "image/png", "image/webp", "image/bmp"]);
/** ".OGG file encoded with OPUS, or in .MP3 format, or in .M4A format" (Bot API, sendVoice). */
const voices: ReadonlySet<string> = new Set([
  "audio/ogg",
  "audio/opus",
  "audio/mpeg",
  "audio/mp3",
  "audio/mp4",
  "audio/m4a",
  "audio/x-m4a",
]);
/** "in the .MP3 or .M4A format" (Bot API, sendAudio). */
const music: ReadonlySet<string> = new Set(["audio/mpeg", "audio/mp3", "audio/mp4", "audio/m4a", "audio/x-m4a"]);
const stickers: ReadonlySet<string> = new Set(["image/webp", "application/x-tgsticker", "video/webm"]);

/** As what a file is sent: as what it is where Telegram shows its format so, else as a document, unchanged. */
export function formOf(file: OutboundFile, hasCaption: boolean): FileForm {
  const type = mediaType(file);
  switch (file.kind) {
    case "image":
      if (type === "image/gif") return "animation";
      return isPhoto(file) ? "photo" : "document";
    case "audio":
      return music.has(type) ? "audio" : "document";
    case "voice":
      return voices.has(type) ? "voice" : "document";
    case "video":
      return type === "video/mp4" ? "video" : "document";
    case "sticker":
      // A sticker has no caption: what is to be read with it is shown with the picture.
      if (hasCaption) return isPhoto(file) ? "photo" : "document";
      return stickers.has(type) ? "sticker" : "document";
    case "file":
      return "document";
  }
}

/** As what each file of an album is sent, or why they are none. One that cannot be shown makes documents of all: an album is of one kind. */
export function albumOf(
  files: readonly OutboundFile[],
): readonly { readonly file: OutboundFile; readonly form: AlbumForm }[] | string {
  const { max, together } = capabilityTable.media.album;
  if (files.length > max) return `an album has at most ${max} files, got ${files.length}`;
  const isSet = together.some((kinds) => files.every(({ kind }) => (kinds as readonly string[]).includes(kind)));
  if (!isSet) return "an album has pictures and films, or files, or music";
  const forms = files.map((file) => formOf(file, false));
  const isShown = forms.every((form) => form === "photo" || form === "video") || forms.every((form) => form === "audio");
  return files.map((file, index) => ({ file, form: (isShown ? forms[index] : "document") as AlbumForm }));
}

function isPhoto(file: OutboundFile): boolean {
  return photos.has(mediaType(file)) && file.sizeBytes <= maxPhotoBytes;
}

function mediaType({ mimeType }: OutboundFile): string {
  return (mimeType.split(";")[0] ?? "").trim().toLowerCase();
}
