import type { Message } from "grammy/types";
import { badRequest } from "../bot-api-error.ts";
import type { StoredFile, UploadedFile } from "../file-store.ts";
import { photoSize } from "../image-size.ts";
import { destinationOf, post, type Invocation, type Payload } from "./context.ts";
import { captionOf } from "./texts.ts";

type Kind = "photo" | "document" | "voice" | "video" | "audio" | "animation" | "sticker";

/** The method that sends one file of a kind. */
export function sendFile(kind: Kind): (invocation: Invocation) => Message {
  return (invocation) => {
    const { payload, context } = invocation;
    const destination = destinationOf(invocation);
    const file = fileOf(payload[kind], kind, invocation);
    const caption = kind === "sticker" ? {} : captionOf(payload, context);
    return post(context, destination, { ...contentOf(kind, file), ...caption });
  };
}

/** What may stand together: "Documents and audio files can be only grouped in an album with messages of the same type" (sendMediaGroup). */
const together: Readonly<Record<string, string>> = { photo: "seen", video: "seen", document: "document", audio: "audio" };

export function sendMediaGroup(invocation: Invocation): readonly Message[] {
  const { payload, context } = invocation;
  const media = payload["media"];
  if (!Array.isArray(media)) throw badRequest("parameter media is required");
  if (media.length < 2 || media.length > 10) throw badRequest("group send failed: wrong number of messages");
  const items = media as readonly Payload[];
  const sets = new Set(items.map(({ type }) => together[String(type)]));
  if (sets.size > 1 || sets.has(undefined)) throw badRequest("group send failed: the messages can't be grouped into one album");
  const destination = destinationOf(invocation, items.length);
  const contents = items.map((item) => {
    const kind = item["type"] as Kind;
    return { ...contentOf(kind, fileOf(item["media"], kind, invocation)), ...captionOf(item, context) };
  });
  const group = `${context.updates.pending.length}${context.nowMs()}${contents.length}`;
  return contents.map((content) => post(context, destination, { media_group_id: group, ...content }));
}

export function getFile({ payload, context }: Invocation): unknown {
  return context.files.describe(payload["file_id"]);
}

/** What was uploaded under the name, or what is known by the id. */
function fileOf(value: unknown, kind: Kind, { uploads, context }: Invocation): StoredFile {
  if (typeof value !== "string" || value === "") throw badRequest(`there is no ${kind} in the request`);
  const attached = /^attach:\/\/(.+)$/u.exec(value)?.[1];
  if (attached === undefined) return context.files.find(value);
  const upload = uploads.get(attached);
  if (upload === undefined) throw badRequest(`there is no ${kind} in the request`);
  checkUpload(upload, kind, context.files.maxPhotoBytes);
  return context.files.add(upload);
}

function checkUpload(upload: UploadedFile, kind: Kind, maxPhotoBytes: number): void {
  const sizeBytes = upload.bytes.length;
  if (sizeBytes === 0) throw badRequest("file must be non-empty");
  if (kind !== "photo") return;
  if (sizeBytes > maxPhotoBytes)
    throw badRequest(`file of size ${sizeBytes} bytes is too big for a photo; the maximum size is ${maxPhotoBytes} bytes`);
  photoSize(upload.bytes);
}

/** The fields of a message that carries the file, by the kind it was sent as. */
export function contentOf(kind: Kind | "video_note", file: StoredFile): Payload {
  const common = { file_id: file.fileId, file_unique_id: file.uniqueId, file_size: file.bytes.length };
  const named = { ...common, file_name: file.name, mime_type: file.mimeType };
  const shape = { width: 320, height: 240, duration: 3 };
  switch (kind) {
    case "photo": {
      const { width, height } = photoSize(file.bytes);
      const whole = { ...common, width, height };
      // Only what is larger than that has a smaller size.
      if (width <= 90) return { photo: [whole] };
      const small = { file_id: `${file.fileId}-small`, file_unique_id: `${file.uniqueId}-small`, file_size: 1 };
      return { photo: [{ ...small, width: 90, height: Math.max(1, Math.round((height * 90) / width)) }, whole] };
    }
    case "document":
      return { document: named };
    case "voice":
      return { voice: { ...common, duration: 3, mime_type: file.mimeType } };
    case "video":
      return { video: { ...named, ...shape } };
    case "audio":
      return { audio: { ...named, duration: 3 } };
    case "animation":
      return { animation: { ...named, ...shape }, document: named };
    case "sticker":
      return {
        sticker: { ...common, type: "regular", width: 512, height: 512, is_animated: false, is_video: false, emoji: "👋" },
      };
    case "video_note":
      return { video_note: { ...common, length: 240, duration: 3 } };
  }
}
