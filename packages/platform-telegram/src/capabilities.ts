import { completeCapabilities, type Capabilities, type CapabilityTable, type Chat } from "@hermes/core";
import { reactionEmojis } from "./capabilities/reaction-emojis.ts";

const secondMs = 1000;
const hourMs = 60 * 60 * secondMs;
const megabyte = 1024 * 1024;

/** "Bots can currently send files of any type of up to 50 MB in size" (Bot API, sendDocument). */
const uploadBytes = 50 * megabyte;
/** "Upload files up to 2000 MB" (Bot API, Using a Local Bot API Server). */
const localUploadBytes = 2000 * megabyte;

/** What Telegram can do, with the source of each number; `capabilitiesFor` says what of it holds in a chat. */
export const capabilityTable = {
  // Rich messages: "up to 32768 UTF-8 characters" (Bot API, Rich message limits); one text a message. What a rich message can show
  // besides text is everything Markdown has; without them headings become bold, and tables are aligned in a block of code.
  text: { maxLength: 32_768, partsPerSend: 1, markdown: "full", tables: true },
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
  // Drafts: private chats alone (Bot API, sendMessageDraft).
  live: true,
  // "The status is set for 5 seconds or less" (Bot API, sendChatAction).
  typing: { refreshMs: 4500 },
  // "Reaction emoji. Currently, it can be one of …" (Bot API, ReactionTypeEmoji); one of the bot's own on a message.
  reactions: { allowed: reactionEmojis },
  // "callback_data: 1-64 bytes" (Bot API, InlineKeyboardButton). A keyboard of more than 100 buttons is refused (observed).
  actions: { max: 100, maxDataBytes: 64 },
  // "At most 100 commands can be specified" (Bot API, setMyCommands).
  commands: { max: 100 },
  threads: { create: true },
  // "avoid sending more than one message per second" to a chat, where "short bursts that go over this limit" are allowed; "about 30
  // messages per second" in all (Bots FAQ). See `groupPace`.
  pace: { perChat: { calls: 5, perMs: 5 * secondMs }, overall: { calls: 30, perMs: secondMs } },
  media: {
    send: {
      image: uploadBytes,
      audio: uploadBytes,
      voice: uploadBytes,
      video: uploadBytes,
      sticker: uploadBytes,
      file: uploadBytes,
    },
    receive: ["image", "audio", "voice", "video", "sticker", "file"],
    // "0-1024 characters after entities parsing" (Bot API, sendPhoto and the others).
    captionMaxLength: 1024,
    // "must include 2-10 items"; "Documents and audio files can be only grouped in an album with messages of the same type"
    // (Bot API, sendMediaGroup).
    album: { max: 10, together: [["image", "video"], ["file"], ["audio"]] },
  },
} as const satisfies CapabilityTable;

/** "1-4096 characters after entities parsing" (Bot API, sendMessage), counted in UTF-16 code units. */
export const maxTextLength = 4096;
/** 20 messages a minute to one group, edits included (Bots FAQ). */
const groupEditIntervalMs = 3100;
const groupPace = { perChat: { calls: 20, perMs: 60 * secondMs }, overall: capabilityTable.pace.overall };

/** What is true of the bot and of the server it talks to. */
export interface Circumstances {
  readonly hasRichMessages: boolean;
  readonly hasDrafts: boolean;
  /** The Bot API server stands on this machine. */
  readonly isLocal: boolean;
  readonly isPaced: boolean;
  /** Of the chat: a topic can be opened in it, as far as is known. */
  readonly hasTopics: boolean;
}

/** What is true of this chat. */
export function capabilitiesIn(chat: Chat, circumstances: Circumstances): Capabilities {
  const { hasRichMessages, hasDrafts, isLocal, isPaced, hasTopics } = circumstances;
  const whole = completeCapabilities(capabilityTable);
  const isDirect = chat.type === "dm";
  return {
    ...whole,
    text: hasRichMessages ? whole.text : { ...whole.text, maxLength: maxTextLength, markdown: "partial" },
    live: isDirect && hasDrafts,
    threads: { create: hasTopics },
    ...(isDirect ? {} : { edit: { minIntervalMs: groupEditIntervalMs }, pace: groupPace }),
    // "Channel chats and channel direct messages chats aren't supported" (Bot API, sendChatAction).
    ...(chat.type === "channel" ? { typing: false } : {}),
    ...(isPaced ? {} : { pace: false }),
    ...(isLocal ? { media: { ...whole.media, send: localSend } } : {}),
  };
}

const localSend = Object.fromEntries(capabilityTable.media.receive.map((kind) => [kind, localUploadBytes]));
