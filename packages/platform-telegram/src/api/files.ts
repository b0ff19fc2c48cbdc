import type { OutboundFile } from "@hermes/core";
import type { InputMediaAudio, InputMediaDocument, InputMediaPhoto, InputMediaVideo, MessageEntity } from "grammy/types";
import { native, withFiles, type Calls } from "./calls.ts";
import { failureOf, isMediaRefusal } from "./failure.ts";
import { fieldsOf, following, named, sentMessage, type Details, type Place, type SentMessage } from "./place.ts";
import { showText, type ShownText, type TextFields } from "./shown.ts";

/** As what Telegram is to show a file. */
export type FileForm = "photo" | "document" | "voice" | "video" | "audio" | "animation" | "sticker";
/** As what a file can stand in an album. */
export type AlbumForm = "photo" | "video" | "audio" | "document";

/** Sending files: each is streamed, and opened anew for each try. */
export interface FileCalls {
  /** Where Telegram does not take the file in its form, it goes as a document, as it is. */
  sendFile(
    place: Place,
    file: OutboundFile,
    form: FileForm,
    caption: ShownText | undefined,
    details: Details,
    signal: AbortSignal,
  ): Promise<SentMessage>;
  /** Two to ten files as one; the caption stands under the first. Should one be refused in its form, all go as documents. */
  sendAlbum(
    place: Place,
    files: readonly { readonly file: OutboundFile; readonly form: AlbumForm }[],
    caption: ShownText | undefined,
    details: Omit<Details, "keyboard">,
    signal: AbortSignal,
  ): Promise<readonly SentMessage[]>;
}

const partName = "file";
const address = `attach://${partName}`;

export function fileCalls(calls: Calls): FileCalls {
  const { attempt, options } = calls;
  return {
    async sendFile(place, file, form, caption, details, signal) {
      const what = `send a file to ${named(place)}`;
      const fields = fieldsOf(place, details);
      const send = (chatId: number, form: FileForm): Promise<unknown> =>
        captioned(caption, options.onPlainText, (words) =>
          sendAs(form, { chat_id: chatId, ...fields, ...words }, file, signal, calls),
        );
      const answer = await attempt(what, () => following(place, (chatId) => orAsDocument(form, (form) => send(chatId, form))));
      return sentMessage(answer, what, calls);
    },
    async sendAlbum(place, files, caption, details, signal) {
      const what = `send ${files.length} files to ${named(place)}`;
      const fields = fieldsOf(place, details);
      const parts = new Map(files.map(({ file }, index) => [`${partName}${index}`, file]));
      const send = (chatId: number, forms: readonly AlbumForm[]): Promise<unknown> =>
        captioned(caption, options.onPlainText, (words) => {
          const media = forms.map((form, index) => mediaOf(form, `attach://${partName}${index}`, index === 0 ? words : {}));
          // The types want sets that may stand together; which ones may is settled before.
          const payload = { chat_id: chatId, ...fields, media: media as readonly InputMediaPhoto[] };
          return calls.raw.sendMediaGroup(withFiles(payload, parts) as never, native(signal));
        });
      const forms = files.map(({ form }) => form);
      const documents = forms.map(() => "document" as const);
      const answer = await attempt(what, () =>
        following(place, (chatId) =>
          send(chatId, forms).catch((error: unknown) => {
            if (!isMediaRefusal(error) || forms.every((form) => form === "document")) throw error;
            return send(chatId, documents);
          }),
        ),
      );
      if (Array.isArray(answer) && answer.length > 0) return answer.map((message: unknown) => sentMessage(message, what, calls));
      throw failureOf({ kind: "unavailable" }, what, "the answer names no messages", options);
    },
  };
}

async function orAsDocument(form: FileForm, send: (form: FileForm) => Promise<unknown>): Promise<unknown> {
  try {
    return await send(form);
  } catch (error) {
    if (form === "document" || !isMediaRefusal(error)) throw error;
    return send("document");
  }
}

interface CaptionFields {
  readonly caption?: string;
  readonly caption_entities?: MessageEntity[];
}

function captioned<Result>(
  caption: ShownText | undefined,
  onPlainText: (() => void) | undefined,
  call: (words: CaptionFields) => Promise<Result>,
): Promise<Result> {
  if (caption === undefined) return call({});
  const asCaption = ({ text, entities }: TextFields): Promise<Result> =>
    call({ caption: text, ...(entities === undefined ? {} : { caption_entities: entities }) });
  return showText(caption, asCaption, onPlainText);
}

function sendAs(
  form: FileForm,
  fields: { readonly chat_id: number } & CaptionFields,
  file: OutboundFile,
  signal: AbortSignal,
  { raw }: Calls,
): Promise<unknown> {
  const files = new Map([[partName, file]]);
  const end = native(signal);
  switch (form) {
    case "photo":
      return raw.sendPhoto(withFiles({ ...fields, photo: address }, files), end);
    case "voice":
      return raw.sendVoice(withFiles({ ...fields, voice: address }, files), end);
    case "video":
      return raw.sendVideo(withFiles({ ...fields, video: address, supports_streaming: true }, files), end);
    case "audio":
      return raw.sendAudio(withFiles({ ...fields, audio: address }, files), end);
    case "animation":
      return raw.sendAnimation(withFiles({ ...fields, animation: address }, files), end);
    case "sticker":
      return raw.sendSticker(withFiles({ ...fields, sticker: address }, files), end);
    case "document":
      // What is sent as a file stays one: Telegram makes no film or picture of it.
      return raw.sendDocument(withFiles({ ...fields, document: address, disable_content_type_detection: true }, files), end);
  }
}

function mediaOf(
  form: AlbumForm,
  media: string,
  words: CaptionFields,
): InputMediaPhoto | InputMediaVideo | InputMediaAudio | InputMediaDocument {
  return form === "video" ? { type: form, media, supports_streaming: true, ...words } : { type: form, media, ...words };
}
