import {
  completeCapabilities,
  PlatformError,
  type Chat,
  type ChatRef,
  type ConnectionOf,
  type MessageRef,
  type OutboundMessage,
  type SendOptions,
} from "@hermes/core";
import type { Api, Place, ShownText } from "./api.ts";
import { capabilityTable, groupEditIntervalMs } from "./capabilities.ts";
import { encodeText, isBlank } from "./encode.ts";
import type { Encoded } from "./encode/entity-writer.ts";
import { withoutPings } from "./encode/pings.ts";
import { withoutMarkup } from "./encode/render.ts";

export type TelegramConnection = ConnectionOf<typeof capabilityTable>;

const direct = completeCapabilities(capabilityTable);
const grouped = completeCapabilities({ ...capabilityTable, edit: { minIntervalMs: groupEditIntervalMs } });
/** Sent to without a number; only its typing indicator names it. */
const generalTopic = 1;

/** The outward half of a bot. */
export function openConnection(platform: string, identity: TelegramConnection["identity"], api: Api): TelegramConnection {
  const refuse = (what: string, why: string): PlatformError =>
    new PlatformError({ platform, failure: { kind: "invalid" }, message: `Cannot ${what}: ${why}` });

  const number = (id: string, what: string): number => {
    if (!/^-?[1-9]\d{0,15}$/u.test(id)) throw refuse("reach the chat", `${what} is not a Telegram id`);
    return Number(id);
  };
  const placeOf = ({ chatId, threadId }: ChatRef): Place => ({
    chatId: number(chatId, "the chat's id"),
    ...(threadId === undefined ? {} : { threadId: number(threadId, "the topic's id") }),
  });
  const placeToSend = (ref: ChatRef): Place => {
    const { chatId, threadId } = placeOf(ref);
    return threadId === undefined || threadId === generalTopic ? { chatId } : { chatId, threadId };
  };

  /** A private chat's id is above zero, and nobody else is there to be pinged. */
  const textOf = (place: Place, { texts, files, actions }: OutboundMessage, mentions: readonly string[]): ShownText => {
    const [markdown] = texts;
    if (markdown === undefined || texts.length > 1) throw refuse("send", `expected one text, got ${texts.length}`);
    if (files.length > 0 || actions.length > 0) throw refuse("send", "files and buttons are not supported");
    const encoded = encodeText(markdown);
    if (isBlank(encoded.text)) throw refuse("send", "the text is empty");
    if (encoded.text.length > capabilityTable.text.maxLength) throw tooLong(platform, encoded.text.length);
    const shown = place.chatId > 0 ? encoded : withoutPings(encoded, mentions);
    return { ...shown, plain: () => plainText(shown) };
  };

  return {
    identity,
    capabilitiesFor: (chat) => (chat.type === "dm" ? direct : grouped),
    async send(chat: Chat, message: OutboundMessage, options: SendOptions) {
      const place = placeToSend(chat.ref);
      if (options.visibleTo !== undefined && options.visibleTo !== chat.ref.chatId) {
        throw refuse("send", "a message for one person's eyes can only go to their direct chat");
      }
      const replyTo = options.quote && {
        ...placeOf(options.quote),
        messageId: number(options.quote.messageId, "the message's id"),
      };
      const details = { silent: options.silent === true, ...(replyTo === undefined ? {} : { replyTo }) };
      const sent = await api.sendText(place, textOf(place, message, options.mentions), details, options.signal);
      return [{ ...chat.ref, chatId: String(sent.chatId), messageId: String(sent.messageId) }];
    },
    async edit(ref: MessageRef, message: OutboundMessage, options: SendOptions) {
      const place = placeToSend(ref);
      const messageId = number(ref.messageId, "the message's id");
      await api.editText(place, messageId, textOf(place, message, options.mentions), options.signal);
    },
    remove: async (ref: MessageRef) => api.deleteMessage(placeToSend(ref), number(ref.messageId, "the message's id")),
    async setTyping(chat, { active }) {
      // It cannot be taken back; Telegram forgets it after five seconds.
      if (active) await api.sendTyping(placeOf(chat.ref));
    },
    async disconnect() {
      api.close();
    },
  };
}

/** With the addresses of its links, as long as that fits. */
function plainText(shown: Encoded): string {
  const withLinks = withoutMarkup(shown);
  return withLinks.length > capabilityTable.text.maxLength ? shown.text : withLinks;
}

function tooLong(platform: string, length: number): PlatformError {
  const message = `Cannot send: the text has ${length} characters, Telegram takes ${capabilityTable.text.maxLength}`;
  return new PlatformError({ platform, failure: { kind: "too-long" }, message });
}
