import type {
  Chat,
  ChatRef,
  Clock,
  ConnectionOf,
  LiveMessage,
  MessageRef,
  OutboundMessage,
  PlatformHost,
  SendOptions,
  Sent,
} from "@hermes/core";
import type { Api } from "./api.ts";
import type { Details, Place, SentMessage } from "./api/place.ts";
import { capabilitiesIn, capabilityTable, maxTextLength } from "./capabilities.ts";
import { keyboardOf, noticeOf } from "./connection/buttons.ts";
import { menuOf } from "./connection/commands.ts";
import { draftNumber, openDraft } from "./connection/draft.ts";
import { albumOf, formOf } from "./connection/files.ts";
import { messageNumber, placeOf, placeToSend, refusal } from "./connection/places.ts";
import { OwnReactions, reactionFor } from "./connection/reactions.ts";
import { captionText, isInvisible, messageText, type Readers } from "./connection/texts.ts";
import { openTopics } from "./connection/topics.ts";

export type TelegramConnection = ConnectionOf<typeof capabilityTable>;

export interface ConnectionParts {
  readonly platform: string;
  readonly identity: TelegramConnection["identity"];
  readonly api: Api;
  readonly clock: Clock;
  readonly logger: PlatformHost["logger"];
  /** The Bot API server stands on this machine. */
  readonly isLocal: boolean;
  /** It keeps to the pace that Telegram asks of bots. */
  readonly isPaced: boolean;
  /** Private chats with the bot have topics. */
  readonly hasPrivateTopics: boolean;
}

/** The outward half of a bot. */
export function openConnection(parts: ConnectionParts): TelegramConnection {
  const { platform, identity, api, clock, logger } = parts;
  const reactions = new OwnReactions();
  const drafts = new Set<LiveMessage>();
  const topics = openTopics(parts);

  const detailsOf = ({ actions }: OutboundMessage, { quote, silent }: SendOptions): Details => {
    const keyboard = keyboardOf(actions, platform);
    const replyTo = quote && { ...placeOf(quote), messageId: messageNumber(quote) };
    return {
      silent: silent === true,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(keyboard === undefined ? {} : { keyboard }),
    };
  };
  const readersOf = ({ chatId }: Place, { mentions }: SendOptions): Readers => ({ platform, chatId, mentions });

  const post = async (place: Place, message: OutboundMessage, options: SendOptions): Promise<readonly SentMessage[]> => {
    const details = detailsOf(message, options);
    const readers = readersOf(place, options);
    const [markdown = "", ...more] = message.texts;
    const [file, ...files] = message.files;
    if (more.length > 0 || (message.texts.length === 0 && file === undefined)) {
      throw refusal(platform, "send", `expected one text, got ${message.texts.length}`);
    }
    if (file === undefined) {
      return [await api.sendText(place, messageText(markdown, readers, api.features.rich), details, options.signal)];
    }
    const caption = isInvisible(markdown) ? undefined : captionText(markdown, readers);
    if (files.length === 0) {
      return [await api.sendFile(place, file, formOf(file, caption !== undefined), caption, details, options.signal)];
    }
    const album = albumOf(message.files);
    if (typeof album === "string") throw refusal(platform, "send", album);
    if (details.keyboard !== undefined) throw refusal(platform, "send", "an album has no buttons");
    return api.sendAlbum(place, album, caption, details, options.signal);
  };

  const send = async (chat: Chat, message: OutboundMessage, options: SendOptions): Promise<Sent> => {
    const place = placeToSend(chat.ref);
    if (options.visibleTo !== undefined && options.visibleTo !== chat.ref.chatId) {
      throw refusal(platform, "send", "a message for one person's eyes can only go to their direct chat");
    }
    const refs = (await post(place, message, options)).map(({ chatId, messageId }) => ({
      ...chat.ref,
      chatId: String(chatId),
      messageId: String(messageId),
    }));
    const [first, ...rest] = refs;
    if (first === undefined) throw refusal(platform, "send", "there was nothing to send");
    return [first, ...rest];
  };

  return {
    identity,
    capabilitiesFor: (chat) =>
      capabilitiesIn(chat, {
        hasRichMessages: api.features.rich,
        hasDrafts: api.features.drafts,
        isLocal: parts.isLocal,
        isPaced: parts.isPaced,
        hasTopics: topics.maybeIn(chat),
      }),
    send,
    async edit(ref: MessageRef, { texts, files, actions }: OutboundMessage, options: SendOptions) {
      const place = placeToSend(ref);
      const messageId = messageNumber(ref);
      const keyboard = keyboardOf(actions, platform);
      const [markdown, ...more] = texts;
      if (files.length > 0) throw refusal(platform, "edit", "the files of a message that stands there stay as they are");
      if (more.length > 0) throw refusal(platform, "edit", `expected one text, got ${texts.length}`);
      if (markdown === undefined) return api.editKeyboard(place, messageId, keyboard, options.signal);
      const readers = readersOf(place, options);
      const edited = {
        shown: messageText(markdown, readers, api.features.rich),
        caption: () => captionText(markdown, readers),
      };
      await api.editText(place, messageId, edited, keyboard, options.signal);
    },
    remove: async (ref: MessageRef) => api.deleteMessage(placeToSend(ref), messageNumber(ref)),
    async openLive(chat: Chat, options: SendOptions) {
      const place = placeToSend(chat.ref);
      if (!api.features.drafts || chat.type !== "dm" || place.chatId < 0) return null;
      const number = draftNumber(options.idempotencyKey);
      const readers = readersOf(place, options);
      const live = openDraft({
        clock,
        maxLength: api.features.rich ? capabilityTable.text.maxLength : maxTextLength,
        show: async (markdown) => {
          const shown = isInvisible(markdown) ? undefined : messageText(markdown, readers, api.features.rich);
          await api.sendDraft(place, number, shown, options.signal);
        },
        send: (markdown) => send(chat, { texts: [markdown], files: [], actions: [] }, options),
        onEnd: () => void drafts.delete(live),
      });
      drafts.add(live);
      return live;
    },
    async setTyping(chat, { active }) {
      // It cannot be taken back; Telegram forgets it after five seconds.
      if (active) await api.sendTyping(placeOf(chat.ref));
    },
    async react(ref: MessageRef, emoji: string, present: boolean) {
      const reaction = reactionFor(emoji);
      if (reaction === undefined) {
        const why = `${emoji} is none of the ${capabilityTable.reactions.allowed.length} emoji that Telegram takes as a reaction; try 👍, 👎, 👀 or 🎉`;
        throw refusal(platform, "react", why);
      }
      const message = `${ref.chatId}:${ref.messageId}`;
      if (!present && reactions.isReplaced(message, reaction)) return;
      await api.react(placeToSend(ref), messageNumber(ref), present ? reaction : undefined);
      if (present) reactions.note(message, reaction);
      else reactions.forget(message);
    },
    async settleAction({ interaction }, { notice }) {
      if (typeof interaction === "string") await api.answerPress(interaction, noticeOf(notice));
    },
    async publishCommands(commands) {
      const { menu, leftOut } = menuOf(commands);
      if (leftOut.length > 0) {
        logger.info(`Telegram's menu of commands cannot show ${leftOut.join(", ")}; they can be typed all the same`);
      }
      await api.setCommands(menu);
    },
    openThread: (at: MessageRef | ChatRef, title: string) => topics.open(at, title),
    async download({ ticket }, { maxBytes, signal }) {
      const fileId = fileIdIn(ticket);
      if (fileId === undefined) throw refusal(platform, "fetch a file", "its ticket is none of Telegram's");
      return api.openFile(fileId, maxBytes, signal);
    },
    async disconnect() {
      const ended = Promise.all([...drafts].map((draft) => draft.abandon()));
      // A draft that is just being shown again need not be answered.
      api.close();
      await ended;
    },
  };
}

function fileIdIn(ticket: unknown): string | undefined {
  const { fileId } = (typeof ticket === "object" && ticket !== null ? ticket : {}) as { readonly fileId?: unknown };
  return typeof fileId === "string" && fileId !== "" ? fileId : undefined;
}
