import type { Update, UserFromGetMe, WebhookInfo } from "grammy/types";
import { native, type Calls } from "./calls.ts";
import { failureOf } from "./failure.ts";

/** The kinds of updates the adapter decodes; Telegram keeps back the others. */
export const updateKinds = [
  "message",
  "edited_message",
  "channel_post",
  "edited_channel_post",
  "callback_query",
  "my_chat_member",
  "message_reaction",
  "stopped_message_generation",
] as const satisfies readonly Exclude<keyof Update, "update_id">[];

/** Who the bot is, and how it hears of things. */
export interface UpdateCalls {
  getMe(signal: AbortSignal): Promise<UserFromGetMe>;
  getWebhookInfo(signal: AbortSignal): Promise<WebhookInfo>;
  setWebhook(url: string, secret: string, signal: AbortSignal): Promise<void>;
  deleteWebhook(signal: AbortSignal): Promise<void>;
  /** A long poll. Returns raw updates: checking them is the decoder's job. */
  getUpdates(offset: number | undefined, waitSeconds: number, signal: AbortSignal): Promise<readonly unknown[]>;
}

export function updateCalls({ raw, attempt, options }: Calls): UpdateCalls {
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
  };
}
