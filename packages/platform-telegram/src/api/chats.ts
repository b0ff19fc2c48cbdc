import type { ReactionType } from "grammy/types";
import type { Calls } from "./calls.ts";
import { failureOf, isTooLateToAnswer } from "./failure.ts";
import { named, type Place } from "./place.ts";

/** What is done besides showing messages. Each throws a `PlatformError` and nothing else. */
export interface ChatCalls {
  /** The bot's one reaction to a message; undefined takes it away. */
  react(place: Place, messageId: number, emoji: ReactionEmoji | undefined): Promise<void>;
  /** Ends the waiting of whoever pressed a button; too late is no failure. */
  answerPress(id: string, notice: string | undefined): Promise<void>;
  setCommands(commands: readonly { readonly command: string; readonly description: string }[]): Promise<void>;
  /** Returns the topic's number. */
  createTopic(place: Place, name: string): Promise<number>;
}

export type ReactionEmoji = Extract<ReactionType, { type: "emoji" }>["emoji"];

export function chatCalls({ raw, attempt, options }: Calls): ChatCalls {
  return {
    async react(place, messageId, emoji) {
      const reaction = emoji === undefined ? [] : [{ type: "emoji" as const, emoji }];
      await attempt(`react in ${named(place)}`, () =>
        raw.setMessageReaction({ chat_id: place.chatId, message_id: messageId, reaction }),
      );
    },
    async answerPress(id, notice) {
      const answer = { callback_query_id: id, ...(notice === undefined ? {} : { text: notice }) };
      await attempt("answer the press of a button", async () => {
        try {
          await raw.answerCallbackQuery(answer);
        } catch (error) {
          if (!isTooLateToAnswer(error)) throw error;
        }
      });
    },
    async setCommands(commands) {
      await attempt("publish the commands", () => raw.setMyCommands({ commands: [...commands] }));
    },
    async createTopic(place, name) {
      const what = `open a topic in ${named(place)}`;
      const topic: { readonly message_thread_id?: unknown } | null = await attempt(what, () =>
        raw.createForumTopic({ chat_id: place.chatId, name }),
      );
      if (typeof topic?.message_thread_id === "number") return topic.message_thread_id;
      throw failureOf({ kind: "unavailable" }, what, "the answer names no topic", options);
    },
  };
}
