import { hash, randomUUID } from "node:crypto";
import {
  BoundedMap,
  isPlatformError,
  PlatformError,
  type Chat,
  type ChatRef,
  type ConnectionOf,
  type MessageRef,
  type OutboundMessage,
  type PlatformHost,
  type SendOptions,
  type Sent,
} from "@hermes/core";
import type { Api } from "./api.ts";
import type { EventContent } from "./api/messages.ts";
import { capabilitiesIn, capabilityTable } from "./capabilities.ts";
import type { Commands } from "./connection/commands.ts";
import { directChats } from "./connection/direct-chats.ts";
import { editedContent, fileEvent } from "./connection/files.ts";
import { eventIdOf, Places, refusal, type Place } from "./connection/places.ts";
import { OwnReactions } from "./connection/reactions.ts";
import type { KnownEvents } from "./decode/known-events.ts";
import { chatOf } from "./decode/place.ts";
import { fieldsOf } from "./decode/raw-event.ts";
import { encode, isBlank, lengthOf, type Encoded } from "./encode.ts";
import { watched } from "./encode/image-size.ts";
import { editContent, textContent, type Relation, type TextType } from "./encode/content.ts";
import type { Rooms } from "./rooms.ts";
import { encryptedReason } from "./transport/invites.ts";

export type MatrixConnection = ConnectionOf<typeof capabilityTable>;

export interface ConnectionParts {
  readonly platform: string;
  readonly identity: MatrixConnection["identity"];
  readonly api: Api;
  readonly host: PlatformHost;
  readonly rooms: Rooms;
  readonly known: KnownEvents;
  readonly commands: Commands;
  readonly messageType: TextType;
  readonly maxUploadBytes: number | undefined;
}

/** What it is sent as is remembered of so many messages. */
const memory = 1000;
const typingMs = 30_000;

/** The outward half of an account. */
export function openConnection(parts: ConnectionParts): MatrixConnection {
  const { platform, identity, api, rooms, known, commands, messageType } = parts;
  const places = new Places(api);
  const reactions = new OwnReactions(api);
  /** Messages that are texts for sure. */
  const texts = new BoundedMap<true>(memory);
  const limits = capabilitiesIn(parts.maxUploadBytes);

  const fail = (failure: PlatformError["failure"], what: string, why: string): PlatformError =>
    new PlatformError({ platform, failure, message: `Cannot ${what}: ${why}`, maybeDone: false });
  const encrypted = (): PlatformError => fail({ kind: "forbidden" }, "send", `the room is encrypted. ${encryptedReason}`);

  const encoded = (markdown: string, mentions: readonly string[], maxLength: number): Encoded => {
    const found = encode(markdown, mentions);
    if (lengthOf(found) <= maxLength) return found;
    throw fail({ kind: "too-long" }, "send", `the text takes more than ${maxLength} bytes with its HTML`);
  };
  const relationFor = ({ threadId }: Place, { quote, origin }: SendOptions): Relation => ({
    threadId,
    quote: quote && eventIdOf(quote),
    latest: origin?.message?.threadId === threadId ? origin?.message?.messageId : undefined,
  });

  /** Puts an event into a room. Whether the bot is in it at all is asked only where it may not speak. */
  const put = async (
    place: Place,
    type: "m.room.message" | "m.sticker",
    content: EventContent,
    transactionId: string,
    signal: AbortSignal,
  ): Promise<string> => {
    try {
      return await api.sendEvent({ roomId: place.roomId, type, transactionId }, content, signal);
    } catch (error) {
      if (!isPlatformError(error) || error.failure.kind !== "forbidden") throw error;
      const joined = await api.joinedRooms(signal).catch(() => [place.roomId]);
      if (joined.includes(place.roomId)) throw error;
      throw fail({ kind: "not-found", what: "chat" }, `send to ${place.roomId}`, "the bot is not in that room, or there is none");
    }
  };
  const open = (ref: ChatRef, signal: AbortSignal): Promise<Place> =>
    beforehand(async () => {
      const place = await places.find(ref, signal);
      if ((await rooms.facts(place.roomId, signal)).isEncrypted) throw encrypted();
      return place;
    });

  const sendFile = async (
    place: Place,
    message: OutboundMessage,
    options: SendOptions,
    transactionId: string,
  ): Promise<string> => {
    const [file, ...more] = message.files;
    if (file === undefined || more.length > 0) throw refusal(platform, "send", "a message holds one file");
    const limit = limits.media.send[file.kind];
    if (limit !== undefined && file.sizeBytes > limit) {
      throw fail({ kind: "too-long" }, "send", `the homeserver takes files of up to ${limit} bytes`);
    }
    const [markdown = ""] = message.texts;
    const { captionMaxLength } = capabilityTable.media;
    const caption = isBlank(markdown) ? undefined : encoded(markdown, options.mentions, captionMaxLength);
    // A file that lies there is shown to nobody until an event says so.
    const isPicture = file.kind === "image" || file.kind === "sticker";
    const { file: given, size } = isPicture ? watched(file) : { file, size: () => undefined };
    const address = await beforehand(() => api.upload(given, options.signal));
    const { type, content } = fileEvent(file, address, { caption, size: size() }, relationFor(place, options));
    return put(place, type, content, transactionId, options.signal);
  };

  const send = async (chat: Chat, message: OutboundMessage, options: SendOptions): Promise<Sent> => {
    const { signal, mentions } = options;
    if (message.actions.length > 0) throw refusal(platform, "send", "Matrix has no buttons");
    if (message.texts.length > 1 || (message.texts.length === 0 && message.files.length === 0)) {
      throw refusal(platform, "send", `expected one text, got ${message.texts.length}`);
    }
    if (options.visibleTo !== undefined && chat.type !== "dm") {
      throw refusal(platform, "send", "a message for one person's eyes can only go to a direct chat");
    }
    const words =
      message.files.length > 0 ? undefined : encoded(message.texts[0] ?? "", mentions, capabilityTable.text.maxLength);
    const place = await open(chat.ref, signal);
    const transactionId = hash("sha256", `${chat.ref.chatId} ${options.idempotencyKey}`).slice(0, 40);
    const messageId =
      words === undefined
        ? await sendFile(place, message, options, transactionId)
        : await put(place, "m.room.message", textContent(words, messageType, relationFor(place, options)), transactionId, signal);
    if (words !== undefined) texts.set(messageId, true);
    return [{ ...chat.ref, chatId: place.roomId, messageId }];
  };

  /** What stands there, where that is not known: an edit of what is gone would be taken by the homeserver, and seen by nobody. */
  const standing = async ({ roomId }: Place, eventId: string, signal: AbortSignal): Promise<EventContent | undefined> => {
    const gone = (): PlatformError => fail({ kind: "not-found", what: "message" }, `edit a message in ${roomId}`, "it is gone");
    if (known.isGone(eventId)) throw gone();
    if (rooms.isListening && texts.has(eventId)) return undefined;
    const event = await api.findEvent(roomId, eventId, signal);
    const content = fieldsOf(event?.["content"]);
    if (content === undefined || Object.keys(content).length === 0) throw gone();
    if (fieldsOf(fieldsOf(event?.["unsigned"])?.["redacted_because"]) !== undefined) throw gone();
    if (event?.["sender"] !== identity.id) throw refusal(platform, "edit", "somebody else said it");
    return content as EventContent;
  };

  return {
    identity,
    capabilitiesFor: () => limits,
    send,
    async edit(ref: MessageRef, { texts: said, files, actions }: OutboundMessage, { signal, mentions }: SendOptions) {
      const eventId = eventIdOf(ref);
      const [markdown, ...more] = said;
      if (actions.length > 0) throw refusal(platform, "edit", "Matrix has no buttons");
      if (files.length > 0) throw refusal(platform, "edit", "the files of a message that stands there stay as they are");
      if (more.length > 0) throw refusal(platform, "edit", `expected one text, got ${said.length}`);
      // Without a text there is nothing that an edit could change: there were no buttons.
      if (markdown === undefined) return;
      const words = encoded(markdown, mentions, capabilityTable.text.maxLength);
      const place = await open(ref, signal);
      const original = await beforehand(() => standing(place, eventId, signal));
      const content = editedContent(words, messageType, original);
      // An edit is new each time, even where it says again what an earlier one said.
      await put(place, "m.room.message", editContent(content, eventId), randomUUID(), signal);
    },
    async remove(ref: MessageRef) {
      const { roomId } = await places.find(ref);
      await api.redact(roomId, eventIdOf(ref), randomUUID());
    },
    async setTyping({ ref }, { active }) {
      const { roomId } = await places.find(ref);
      await api.setTyping(roomId, active, typingMs);
    },
    async react(ref: MessageRef, emoji: string, present: boolean) {
      const { roomId } = await places.find(ref);
      const eventId = eventIdOf(ref);
      if (present) await reactions.put(roomId, eventId, emoji);
      else await reactions.takeBack(roomId, eventId, emoji);
    },
    publishCommands: (published) => commands.publish(published),
    async openThread(at: MessageRef | ChatRef, title: string) {
      const { roomId } = await places.find(at);
      const { isDirect, isEncrypted, name } = await rooms.facts(roomId);
      const chat = chatOf({ platform, room: { roomId, isDirect, isEncrypted, name } });
      // Any message can be what a thread begins with; without one, its title is said.
      if ("messageId" in at) return inThread(chat, eventIdOf(at));
      const options = { signal: new AbortController().signal, idempotencyKey: randomUUID(), mentions: [] };
      const [root] = await send(chat, { texts: [title], files: [], actions: [] }, options);
      return inThread(chat, root.messageId);
    },
    openDirectMessage: directChats({ platform, api, rooms, encrypted }),
    async *listChats() {
      for (const roomId of await api.joinedRooms()) {
        const room = await rooms.facts(roomId, undefined, true);
        if (!room.isEncrypted) yield chatOf({ platform, room });
      }
    },
    async download({ ticket }, { maxBytes, signal }) {
      const address = fieldsOf(ticket)?.["mxc"];
      if (typeof address !== "string") throw refusal(platform, "fetch a file", "its ticket is none of Matrix's");
      return api.download(address, maxBytes, signal);
    },
    async disconnect() {
      api.close();
    },
  };
}

/** What comes before a message: where it fails, no message was sent, whatever became of the call itself. */
async function beforehand<Result>(step: () => Promise<Result>): Promise<Result> {
  try {
    return await step();
  } catch (error) {
    if (!isPlatformError(error) || !error.maybeDone) throw error;
    const { platform, failure, message } = error;
    throw new PlatformError({ platform, failure, message: message.slice(`[${platform}] `.length), maybeDone: false });
  }
}

function inThread(chat: Chat, threadId: string): Chat {
  return { ...chat, ref: { ...chat.ref, threadId } };
}
