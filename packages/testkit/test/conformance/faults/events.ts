import type { CaseName } from "../../../src/cases.ts";
import { connection, events, type Fault } from "./ways-to-be-bad.ts";

/** Faults in events. */
export const eventsFaults = {
  "a message arrives as it was said": {
    ...events((event) =>
      event.type === "message" && event.text.startsWith("hello from group") ? { ...event, messageId: "other" } : event,
    ),
  },
  "ids and text come through JSON unharmed": events((event) =>
    event.type === "reaction" || event.type === "edit" ? { ...event, chat: { ...event.chat, name: undefined as never } } : event,
  ),
  "different messages have different event ids, and chats different ids": {
    ...events((event) => (event.type === "message" && event.text.endsWith("of two") ? { ...event, eventId: "the same" } : event)),
  },
  "what the bot says itself never arrives": {
    bench: (good) => ({
      ...good,
      people: { ...good.people, says: (said) => good.people.says(said.by === "ourselves" ? { ...said, by: "person" } : said) },
    }),
  },
  "other bots arrive flagged as bots": events((event) => ({
    ...event,
    origin: { ...event.origin, author: { ...event.origin.author, isBot: false } },
  })),
  "an edit arrives with the new text": events((event) =>
    event.type === "edit" && event.text === "before" ? { ...event, messageId: "another" } : event,
  ),
  "a second edit of a message is an event of its own": events((event) =>
    event.type === "edit" ? { ...event, eventId: `edit-${event.messageId}` } : event,
  ),
  "an edit that leaves the text as it was does not exist": {
    bench: (good) => ({
      ...good,
      people: { ...good.people, touches: async (message) => good.people.edits?.(message, "look at this") },
    }),
  },
  "a deletion arrives": events((event) => (event.type === "delete" ? { ...event, messageIds: ["another"] } : event)),
  "a reaction arrives with its emoji and its message": events((event) =>
    event.type === "reaction" ? { ...event, added: false } : event,
  ),
  "a message that nobody can decode stops nothing, and is marked": events((event) =>
    event.type === "other" ? undefined : event,
  ),
  "an answer sent to where a message came from stands there": connection((good) => ({
    send: (chat, message, options) =>
      good.send(
        chat.ref.threadId !== undefined && options.origin !== undefined
          ? { ...chat, ref: { platform: "pigeon", chatId: chat.ref.chatId } }
          : chat,
        message,
        options,
      ),
  })),
  "a target as people write it leads where events from there say they are": {
    bench: (good) => ({
      ...good,
      ...(good.manifest === undefined
        ? {}
        : { manifest: { ...good.manifest, parseTarget: (text) => ({ chatId: text, type: "dm" }) } }),
    }),
  },
  "a user id as people write it is the author's id": {
    bench: (good) => ({
      ...good,
      ...(good.manifest === undefined ? {} : { manifest: { ...good.manifest, parseUserId: (text) => text.toUpperCase() } }),
    }),
  },
} satisfies Partial<Record<CaseName, Fault>>;
