import type { CaseName } from "../../../src/cases.ts";
import { connection, failures, type Fault } from "./ways-to-be-bad.ts";

/** Faults in changing what stands there. */
export const changingFaults = {
  "an edit shows the new text in the same place": connection((good) => ({
    async edit(ref, message, options) {
      if (message.texts[0] === "after") await good.send({ ref, type: "dm" }, message, options);
      else await good.edit?.(ref, message, options);
    },
  })),
  "an edit that changes nothing succeeds or says not-modified": failures("not-modified", { kind: "invalid" }),
  "an edit above the limit is refused as too-long, and what stood there stays": connection((good) => ({
    edit: async (ref, message, options) =>
      good.edit?.(ref, { ...message, texts: message.texts.map((text) => text.slice(0, 200)) }, options),
  })),
  "what is removed stands there no longer, and the rest does": connection(() => ({ remove: async () => undefined })),
  "a reaction is put there and taken back": connection((good) => ({
    react: async (ref, emoji) => good.react?.(ref, emoji, true),
  })),
  "typing can be shown and ended": connection((good) => ({
    setTyping: async (chat) =>
      void (await good.send(
        chat,
        { texts: ["…"], files: [], actions: [] },
        { signal: new AbortController().signal, idempotencyKey: "typing", mentions: [] },
      )),
  })),
  "a pressed button arrives with its token, and is settled": connection(() => ({ settleAction: async () => undefined })),
  "a thread is opened where something can be said then": connection((good) => ({
    async openThread(...parameters) {
      const thread = await good.openThread?.(...parameters);
      return { ref: { platform: "pigeon", chatId: thread?.ref.chatId ?? "", threadId: "nowhere" }, type: "group" };
    },
  })),
  "a direct message is opened where something can be said then": connection(() => ({
    openDirectMessage: async (userId) => ({ ref: { platform: "pigeon", chatId: `unknown-${userId}` }, type: "dm" }),
  })),
  "the chats that are listed can be sent to": connection(() => ({
    async *listChats() {
      // Nobody is known.
    },
  })),
  "commands are published": connection(() => ({ publishCommands: () => Promise.reject(new Error("not today")) })),
} satisfies Partial<Record<CaseName, Fault>>;
