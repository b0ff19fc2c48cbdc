import type { Attachment } from "@hermes/core";
import { contentAddress } from "../identifiers.ts";
import { shortName } from "./place.ts";
import { fieldsOf, textIn, type Fields } from "./raw-event.ts";

/** A file in a message. */
export interface FoundFile {
  /** Undefined where it is encrypted or lies nowhere: nobody here can read it. */
  readonly attachment: Attachment | undefined;
  /** What stands beside it: a caption, not the file's name. */
  readonly caption: string;
}

const kinds: Readonly<Record<string, Attachment["kind"]>> = {
  "m.image": "image",
  "m.audio": "audio",
  "m.video": "video",
  "m.file": "file",
  "m.sticker": "sticker",
};

/** The file of a message of this type; undefined for one that has none. */
export function fileOf(type: string, content: Fields): FoundFile | undefined {
  const found = kinds[type];
  if (found === undefined) return undefined;
  const isVoice = found === "audio" && fieldsOf(content["org.matrix.msc3245.voice"]) !== undefined;
  const kind = isVoice ? "voice" : found;
  const body = textIn(content, "body") ?? "";
  const fileName = textIn(content, "filename");
  // "If `filename` is present, and its value is different from `body`, `body` is a caption" (Media captions).
  const caption = kind !== "sticker" && fileName !== undefined && fileName !== body ? body : "";
  const url = textIn(content, "url");
  if (url === undefined || contentAddress(url) === undefined) return { attachment: undefined, caption };
  const info = fieldsOf(content["info"]);
  const [name, mimeType, sizeBytes] = [shortName(fileName ?? body), textIn(info, "mimetype"), info?.["size"]];
  const isSize = typeof sizeBytes === "number" && Number.isSafeInteger(sizeBytes) && sizeBytes >= 0;
  return {
    caption,
    attachment: {
      kind,
      ticket: { mxc: url },
      ...(name === undefined ? {} : { name }),
      ...(mimeType !== undefined && /^[\w.+-]{1,100}\/[\w.+-]{1,100}$/u.test(mimeType) ? { mimeType } : {}),
      ...(isSize ? { sizeBytes } : {}),
    },
  };
}
