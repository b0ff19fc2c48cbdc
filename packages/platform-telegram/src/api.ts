import type { RawApi } from "grammy";
import type { ApiResponse, Message, MessageEntity, ReplyParameters, Update, UserFromGetMe, WebhookInfo } from "grammy/types";
import { failureOf, isMarkupRefusal, movedTo, toPlatformFailure } from "./api/failure.ts";
import { openHttp } from "./api/http.ts";

/** The kinds of updates the adapter decodes; Telegram keeps back the others. */
export const updateKinds = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "callback_query",
  "my_chat_member",
  "message_reaction",
] as const satisfies readonly Exclude<keyof Update, "update_id">[];

export interface ApiOptions {
  /** The instance's id, for errors. */
  readonly platform: string;
  readonly token: string;
  readonly apiRoot: string;
  readonly proxy?: string | undefined;
  /** How long an answer may stay away, in milliseconds. Default 60 s: longer than a long poll. */
  readonly silenceMs?: number;
  /** Told when Telegram could not read the markup and the text was sent without it. */
  onPlainText?(): void;
}

/** Where a text goes. */
export interface Place {
  readonly chatId: number;
  readonly threadId?: number;
}

/** A text to show; `plain` is what stands for it should Telegram not understand the entities. */
export interface ShownText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  plain(): string;
}

/** The calls this adapter makes. Each throws a `PlatformError` and nothing else. */
export interface Api {
  getMe(signal: AbortSignal): Promise<UserFromGetMe>;
  getWebhookInfo(signal: AbortSignal): Promise<WebhookInfo>;
  setWebhook(url: string, secret: string, signal: AbortSignal): Promise<void>;
  deleteWebhook(signal: AbortSignal): Promise<void>;
  /** A long poll. Returns raw updates: checking them is the decoder's job. */
  getUpdates(offset: number | undefined, waitSeconds: number, signal: AbortSignal): Promise<readonly unknown[]>;
  sendText(
    place: Place,
    shown: ShownText,
    options: { readonly replyTo?: Place & { readonly messageId: number }; readonly silent: boolean },
    signal: AbortSignal,
  ): Promise<{ readonly chatId: number; readonly messageId: number }>;
  editText(place: Place, messageId: number, shown: ShownText, signal: AbortSignal): Promise<void>;
  deleteMessage(place: Place, messageId: number): Promise<void>;
  sendTyping(place: Place): Promise<void>;
  /** Closes every connection; calls under way fail. */
  close(): void;
}

/** Opens the Bot API; loads grammY now. */
export async function openApi(options: ApiOptions): Promise<Api> {
  const { Api: GrammyApi } = await import("grammy");
  const http = openHttp({ root: options.apiRoot, proxy: options.proxy, silenceMs: options.silenceMs ?? 60_000 });
  const grammy = new GrammyApi(options.token);
  // In place of grammY's own call, which makes a timer, a stream and an abort controller of its own for each. It still tells a
  // refusal from a result; what is in a result is looked at where it is used.
  grammy.config.use(
    async (_call, method, payload, signal) =>
      (await http.post(`/bot${options.token}/${method}`, JSON.stringify(payload), signal)) as ApiResponse<never>,
  );
  const { raw } = grammy;
  const attempt = async <Result>(what: string, call: () => Promise<Result>): Promise<Result> => {
    try {
      return await call();
    } catch (error) {
      throw toPlatformFailure(error, what, options);
    }
  };
  /** Nothing is lost when Telegram does not read the entities: the same text goes without them. */
  const readably = async <Result>(shown: ShownText, call: (text: TextFields) => Promise<Result>): Promise<Result> => {
    if (shown.entities.length === 0) return call({ text: shown.text });
    try {
      return await call({ text: shown.text, entities: [...shown.entities] });
    } catch (error) {
      if (!isMarkupRefusal(error)) throw error;
      options.onPlainText?.();
      return call({ text: shown.plain() });
    }
  };
  return {
    async getMe(signal) {
      const what = "ask who the bot is";
      const bot: UserFromGetMe | null = await attempt(what, () => raw.getMe(native(signal)));
      if (typeof bot?.username === "string") return bot;
      throw failureOf({ kind: "unavailable" }, what, "the answer names no bot", options);
    },
    getWebhookInfo: (signal) => attempt("ask for the webhook", () => raw.getWebhookInfo(native(signal))),
    async setWebhook(url, secret, signal) {
      const settings = { url, secret_token: secret, allowed_updates: updateKinds };
      await attempt("set the webhook", () => raw.setWebhook(settings, native(signal)));
    },
    async deleteWebhook(signal) {
      await attempt("delete the webhook", () => raw.deleteWebhook({ drop_pending_updates: false }, native(signal)));
    },
    async getUpdates(offset, waitSeconds, signal) {
      const request = {
        limit: 100,
        timeout: waitSeconds,
        allowed_updates: updateKinds,
        ...(offset === undefined ? {} : { offset }),
      };
      const updates: unknown = await attempt("get updates", () => raw.getUpdates(request, native(signal)));
      if (Array.isArray(updates)) return updates;
      throw failureOf({ kind: "unavailable" }, "get updates", "the answer is not a list", options);
    },
    async sendText(place, shown, { replyTo, silent }, signal) {
      const fields = {
        ...threadOf(place),
        ...(silent ? { disable_notification: true } : {}),
        ...(replyTo === undefined ? {} : { reply_parameters: replyParameters(replyTo, place) }),
      };
      const send = (chatId: number): Promise<Message> =>
        readably(shown, (text) => raw.sendMessage({ chat_id: chatId, ...fields, ...text }, native(signal)));
      const what = `send to ${named(place)}`;
      const sent: Partial<Message> | null = await attempt(what, () =>
        send(place.chatId).catch((error: unknown) => {
          const supergroup = movedTo(error);
          if (supergroup === undefined) throw error;
          return send(supergroup);
        }),
      );
      const { message_id: messageId, chat } = sent ?? {};
      if (messageId !== undefined && chat?.id !== undefined) return { chatId: chat.id, messageId };
      throw failureOf({ kind: "unavailable" }, what, "the answer names no message", options);
    },
    async editText(place, messageId, shown, signal) {
      const message = { chat_id: place.chatId, message_id: messageId };
      await attempt(`edit a message in ${named(place)}`, () =>
        readably(shown, (text) => raw.editMessageText({ ...message, ...text }, native(signal))),
      );
    },
    async deleteMessage(place, messageId) {
      const message = { chat_id: place.chatId, message_id: messageId };
      await attempt(`delete a message in ${named(place)}`, () => raw.deleteMessage(message));
    },
    async sendTyping(place) {
      const action = { chat_id: place.chatId, ...threadOf(place), action: "typing" as const };
      await attempt(`show typing in ${named(place)}`, () => raw.sendChatAction(action));
    },
    close: () => http.close(),
  };
}

interface TextFields {
  readonly text: string;
  readonly entities?: MessageEntity[];
}

/** grammY's types know only an older class of the same shape. */
function native(signal: AbortSignal): NonNullable<Parameters<RawApi["getMe"]>[0]> {
  return signal as NonNullable<Parameters<RawApi["getMe"]>[0]>;
}

function threadOf({ threadId }: Place): { readonly message_thread_id?: number } {
  return threadId === undefined ? {} : { message_thread_id: threadId };
}

/** The answer goes out also when what it answers is gone. */
function replyParameters(to: Place & { readonly messageId: number }, place: Place): ReplyParameters {
  const elsewhere = to.chatId === place.chatId ? {} : { chat_id: to.chatId };
  return { message_id: to.messageId, ...elsewhere, allow_sending_without_reply: true };
}

function named({ chatId, threadId }: Place): string {
  return threadId === undefined ? `chat ${chatId}` : `thread ${threadId} of chat ${chatId}`;
}
