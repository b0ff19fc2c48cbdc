import type { Attachment, Json, MessageEvent } from "@hermes/core";
import { badRequest } from "../api-error.ts";
import type { DecodedMessage, DecodedRequest, ImagePart, OpenAiMessage, OpenAiRequest } from "../decode.ts";
import type { Exchange } from "./exchange.ts";
import type { Uploads } from "./uploads.ts";

const maxAttachments = 256;

/** A request as its gateway is told of it. */
export interface Told {
  readonly event: MessageEvent;
  /** The pictures that are kept for it. */
  readonly uploads: readonly string[];
}

/** The event that asks for an exchange's answer. Its last message's pictures come first among the attachments. */
export function messageEventOf(
  { facts, chat, author }: Exchange,
  request: DecodedRequest,
  earlier: readonly DecodedMessage[],
  { eventId, uploads }: { readonly eventId: string; readonly uploads: Uploads },
): Told {
  const images = [request.last, ...earlier].flatMap((message) => message.images);
  if (images.length > maxAttachments)
    throw badRequest("too_many_images", `Expected at most ${maxAttachments} images in a request, got ${images.length}`);
  const kept: string[] = [];
  try {
    const attachments = images.map((image) => attachmentOf(image, uploads, kept));
    const event: MessageEvent = {
      version: 1,
      type: "message",
      eventId,
      messageId: facts.id,
      chat,
      origin: { message: { ...chat.ref, messageId: facts.id }, author, lifetime: "request" },
      at: new Date(facts.createdMs).toISOString(),
      text: request.last.text,
      addressed: true,
      attachments,
      request: asJson(requestOf(request, earlier)),
    };
    return { event, uploads: kept };
  } catch (error) {
    for (const id of kept) uploads.remove(id);
    throw error;
  }
}

function attachmentOf(image: ImagePart, uploads: Uploads, kept: string[]): Attachment {
  if (image.kind === "url") return { kind: "image", ticket: { url: image.url } };
  const id = uploads.add(image.base64, image.sizeBytes);
  kept.push(id);
  return { kind: "image", ticket: { upload: id }, mimeType: image.mimeType, sizeBytes: image.sizeBytes };
}

function requestOf(
  { api, model, instructions, last, parameters }: DecodedRequest,
  earlier: readonly DecodedMessage[],
): OpenAiRequest {
  let place = last.images.length;
  const messages = earlier.map(({ role, text, images }): OpenAiMessage => {
    const attachments = images.map(() => place++);
    return { role, text, ...(attachments.length === 0 ? {} : { attachments }) };
  });
  return {
    api,
    ...(model === undefined ? {} : { model }),
    ...(instructions === undefined ? {} : { instructions }),
    messages,
    parameters,
  };
}

function asJson({ messages, ...rest }: OpenAiRequest): Json {
  return { ...rest, messages: messages.map((message) => ({ ...message })) };
}
