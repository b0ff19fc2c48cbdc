import { native, type Calls } from "./calls.ts";
import { isMissingMethod, isWithoutText } from "./failure.ts";
import type { Features } from "./features.ts";
import { fieldsOf, following, named, sentMessage, threadOf, type Details, type Place, type SentMessage } from "./place.ts";
import { show, showText, type RichFields, type Shown, type ShownText, type TextFields } from "./shown.ts";

/** What an edit shows: the text, or the same as a caption where the message carries a file. */
export interface Edited {
  readonly shown: Shown;
  /** @throws PlatformError `too-long` where it is no caption. */
  readonly caption: () => ShownText;
}

/** Showing text, and changing what stands there. Each throws a `PlatformError` and nothing else. */
export interface MessageCalls {
  sendText(place: Place, shown: Shown, details: Details, signal: AbortSignal): Promise<SentMessage>;
  /** Without a keyboard, one that stands there goes. */
  editText(place: Place, messageId: number, edited: Edited, keyboard: Details["keyboard"], signal: AbortSignal): Promise<void>;
  editKeyboard(place: Place, messageId: number, keyboard: Details["keyboard"], signal: AbortSignal): Promise<void>;
  /** Shows what is being written; undefined is shown as thinking. */
  sendDraft(place: Place, draftId: number, shown: Shown | undefined, signal: AbortSignal): Promise<void>;
  deleteMessage(place: Place, messageId: number): Promise<void>;
  sendTyping(place: Place): Promise<void>;
}

export function messageCalls(calls: Calls, features: Features): MessageCalls {
  const { raw, attempt, options } = calls;
  return {
    async sendText(place, shown, details, signal) {
      const what = `send to ${named(place)}`;
      const fields = fieldsOf(place, details);
      const send = (chatId: number): Promise<unknown> => {
        const text = (content: TextFields): Promise<unknown> =>
          raw.sendMessage({ chat_id: chatId, ...fields, ...content }, native(signal));
        const rich = (content: RichFields): Promise<unknown> =>
          raw.sendRichMessage({ chat_id: chatId, ...fields, ...content }, native(signal));
        return show(shown, { text, rich }, features, options);
      };
      return sentMessage(await attempt(what, () => following(place, send)), what, calls);
    },
    async editText(place, messageId, { shown, caption }, keyboard, signal) {
      const message = messageOf(place, messageId, keyboard);
      const edit = (content: TextFields | RichFields): Promise<unknown> =>
        raw.editMessageText({ ...message, ...content }, native(signal));
      const editCaption = ({ text, entities }: TextFields): Promise<unknown> =>
        raw.editMessageCaption(
          { ...message, caption: text, ...(entities === undefined ? {} : { caption_entities: entities }) },
          native(signal),
        );
      await attempt(`edit a message in ${named(place)}`, async () => {
        try {
          await show(shown, { text: edit, rich: edit }, features, options);
        } catch (error) {
          if (!isWithoutText(error)) throw error;
          await showText(caption(), editCaption, options.onPlainText);
        }
      });
    },
    async editKeyboard(place, messageId, keyboard, signal) {
      await attempt(`edit a message in ${named(place)}`, () =>
        raw.editMessageReplyMarkup(messageOf(place, messageId, keyboard), native(signal)),
      );
    },
    async sendDraft(place, draftId, shown, signal) {
      // What people stop stays until the message is there that says how far it came.
      const draft = { chat_id: place.chatId, ...threadOf(place), draft_id: draftId, can_stop: true, keep_on_stop: true };
      const text = (content: Partial<TextFields>): Promise<unknown> =>
        raw.sendMessageDraft({ ...draft, ...content }, native(signal));
      const rich = (content: RichFields): Promise<unknown> => raw.sendRichMessageDraft({ ...draft, ...content }, native(signal));
      await attempt(`show a draft in ${named(place)}`, async () => {
        try {
          await (shown === undefined ? text({ text: "" }) : show(shown, { text, rich }, features, options));
        } catch (error) {
          if (isMissingMethod(error)) features.drafts = false;
          throw error;
        }
      });
    },
    async deleteMessage(place, messageId) {
      const message = { chat_id: place.chatId, message_id: messageId };
      await attempt(`delete a message in ${named(place)}`, () => raw.deleteMessage(message));
    },
    async sendTyping(place) {
      const action = { chat_id: place.chatId, ...threadOf(place), action: "typing" as const };
      await attempt(`show typing in ${named(place)}`, () => raw.sendChatAction(action));
    },
  };
}

function messageOf(place: Place, messageId: number, keyboard: Details["keyboard"]) {
  return { chat_id: place.chatId, message_id: messageId, ...(keyboard === undefined ? {} : { reply_markup: keyboard }) };
}
