import type { CapabilityTable } from "@hermes/core";

const hourMs = 60 * 60 * 1000;

/** What Telegram can do, with the source of each number. */
export const capabilityTable = {
  // "1-4096 characters after entities parsing" (Bot API, sendMessage), counted in UTF-16 code units. One text a message.
  // Styles, quotes, code, links and spoilers are shown; headings become bold. Tables are aligned in a block of code.
  text: { maxLength: 4096, partsPerSend: 1, markdown: "partial", tables: true },
  // "Incoming updates are stored on the server until the bot receives them, but not longer than 24 hours" (Bot API, Getting updates).
  // Clients cut a text of more than 4096 characters, at a space or a line's end where there is one, and send an album picture by picture.
  inbound: {
    replay: "cursor",
    windowMs: 24 * hourMs,
    burst: { windowMs: 600, splitWindowMs: 2000, splitLength: 3800 },
  },
  sendWithoutListening: true,
  // About one message a second to one chat, edits included (Bots FAQ, "My bot is hitting limits"); see `groupEditIntervalMs`.
  edit: { minIntervalMs: 1100 },
  // "A message can only be deleted if it was sent less than 48 hours ago" (Bot API, deleteMessage).
  remove: { maxAgeMs: 48 * hourMs },
  // "The status is set for 5 seconds or less" (Bot API, sendChatAction).
  typing: { refreshMs: 4500 },
  // Forum topics can be answered in; none is opened.
  threads: { create: false },
} as const satisfies CapabilityTable;

/** 20 messages a minute to one group, edits included (Bots FAQ). */
export const groupEditIntervalMs = 3100;
