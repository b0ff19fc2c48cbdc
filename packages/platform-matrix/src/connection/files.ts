import type { OutboundFile } from "@hermes/core";
import { fileNameFor } from "@hermes/http";
import type { EventContent } from "../api/messages.ts";
import type { Encoded } from "../encode.ts";
import type { ImageSize } from "../encode/image-size.ts";
import { relationOf, wordsOf, type Relation, type TextType } from "../encode/content.ts";

/** The event that shows a file. */
export interface FileEvent {
  readonly type: "m.room.message" | "m.sticker";
  readonly content: EventContent;
}

const types: Readonly<Record<OutboundFile["kind"], string>> = {
  image: "m.image",
  audio: "m.audio",
  voice: "m.audio",
  video: "m.video",
  sticker: "m.image",
  file: "m.file",
};

const voiceMarks = { "org.matrix.msc3245.voice": {}, "org.matrix.msc1767.audio": {} } as const;

/** A file that lies at `address`, with its caption. A sticker has none: with one it is a picture. */
export function fileEvent(
  file: OutboundFile,
  address: string,
  shown: { readonly caption: Encoded | undefined; readonly size: ImageSize | undefined },
  relation: Relation,
): FileEvent {
  const { caption, size } = shown;
  const name = fileNameFor(file);
  const info = { mimetype: file.mimeType.slice(0, 200), size: file.sizeBytes, ...size };
  if (file.kind === "sticker" && caption === undefined) {
    return { type: "m.sticker", content: { body: name, url: address, info, "m.mentions": {}, ...relationOf(relation) } };
  }
  return {
    type: "m.room.message",
    content: {
      msgtype: types[file.kind],
      // "If … `filename` is present, and its value is different from `body`, `body` is a caption" (Media captions).
      body: name,
      "m.mentions": {},
      ...(caption === undefined ? {} : wordsOf(caption)),
      filename: name,
      url: address,
      info,
      ...(file.kind === "voice" ? voiceMarks : {}),
      ...relationOf(relation),
    },
  };
}

/** What an edit shows in place of a message: its text, or the same file with another caption. */
export function editedContent(encoded: Encoded, type: TextType, original: EventContent | undefined): EventContent {
  const words = wordsOf(encoded);
  const { msgtype, url, info, filename, body } = original ?? {};
  if (typeof msgtype !== "string" || typeof url !== "string" || body === undefined) return { msgtype: type, ...words };
  return { msgtype, url, ...(info === undefined ? {} : { info }), filename: filename ?? body, ...words };
}
