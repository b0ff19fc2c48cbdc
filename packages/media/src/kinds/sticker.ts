import type { Attachment, Json } from "@hermes/core";
import { remembered, type Memory } from "../cache/remembered.ts";
import { cleanText, quotedName } from "../text/clean.ts";
import { describePicture, quotedDescription, type ImageParts } from "./image.ts";
import type { Reader } from "./reader.ts";

/** What stickers are read with; without a model by their names alone. */
export interface StickerParts {
  readonly images: ImageParts | undefined;
  /** Under the platform's own names of stickers. */
  readonly known: Memory;
}

const stillTypes = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

/** Stickers: by their emoji or name, and where a model sees, what they show. A sticker is described once, whoever sends it. */
export function stickerReader({ images, known }: StickerParts): Reader {
  return {
    what: "sticker",
    async read(attachment, occasion) {
      if (images === undefined || !mayBeStill(attachment)) return `[${nameOf(attachment)}]`;
      const describe = () => describePicture(attachment, "sticker", occasion, images);
      const id = stableId(attachment.ticket);
      const key = JSON.stringify([occasion.turn.chat.ref.platform, id, images.describer.identity]);
      const { text } = id === undefined ? await describe() : await remembered(known, key, occasion.signal, describe);
      return `[${nameOf(attachment)}, as a model describes it] ${quotedDescription(text)}`;
    },
    failed: (attachment, reason) => `[${nameOf(attachment)} that could not be described: ${reason}]`,
  };
}

/** Animated ones are no pictures, and are told by their type before anything is fetched. */
function mayBeStill({ mimeType }: Attachment): boolean {
  return mimeType === undefined || stillTypes.has(mimeType.toLowerCase());
}

/** What the platform itself calls a sticker for ever, where its ticket says so: then it need not even be fetched again. */
function stableId(ticket: Json): string | undefined {
  if (typeof ticket !== "object" || ticket === null) return undefined;
  const { uniqueId, stickerId } = ticket as { readonly [key: string]: Json | undefined };
  const id = uniqueId ?? stickerId;
  return typeof id === "string" && id !== "" ? id.slice(0, 500) : undefined;
}

function nameOf({ name }: Attachment): string {
  const emoji = /\p{RGI_Emoji}/v.exec(cleanText(name ?? ""))?.[0];
  const called = emoji ?? quotedName(name?.replace(/\.[A-Za-z0-9]{1,8}$/u, ""));
  return called === undefined || called === '"sticker"' ? "sticker" : `sticker ${called}`;
}
