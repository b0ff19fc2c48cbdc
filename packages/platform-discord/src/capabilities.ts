import { completeCapabilities, type Attachment, type Capabilities, type CapabilityTable, type Chat } from "@hermes/core";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;
const megabyte = 1024 * 1024;

const kinds = ["image", "audio", "voice", "video", "sticker", "file"] as const satisfies readonly Attachment["kind"][];

/** "The file upload size limit … is 10 MiB" for bots, where the server has no boosts (Discord, Uploading Files). */
const uploadBytes = 10 * megabyte;
/** By boost tier: 50 MB from tier 2, 100 MB from tier 3 on (Discord, Server Boosting FAQ). */
const largestUploadBytes = 100 * megabyte;
const uploadBytesByTier: Readonly<Record<number, number>> = { 2: 50 * megabyte, 3: largestUploadBytes };

/** What Discord can do, with the source of each number; `capabilitiesFor` says what of it holds in a chat. */
export const capabilityTable = {
  // "Message contents (up to 2000 characters)" (Create Message), counted in code points: "Our API uses Python 3, so the API calculates
  // length based on the number of codepoints" (discord-api-docs#1315). Tables are aligned in a block of code.
  text: { maxLength: 2000, partsPerSend: 1, markdown: "partial", tables: false },
  // A session is resumed while Discord keeps it, for minutes; messages of the last day are then fetched from the channels' history
  // (`catchUpMs`). Clients cut no long paste, they make a file of it.
  inbound: { replay: "resume", windowMs: 24 * hourMs, burst: { windowMs: 600, splitWindowMs: 2000, splitLength: 1900 } },
  sendWithoutListening: true,
  // `enforce_nonce`: "it will be checked for uniqueness in the past few minutes. If another message was created by the same author
  // with the same nonce, that message will be returned and no new message will be created" (Create Message). How many those are is
  // told nowhere; after them a repetition is a second message.
  idempotentSend: { withinMs: 2 * minuteMs },
  // Edits share the limit of messages: five in five seconds to one channel (observed in X-RateLimit-Limit).
  edit: { minIntervalMs: 1200 },
  remove: {},
  // "typing … will expire after 10 seconds" (Trigger Typing Indicator).
  typing: { refreshMs: 8000 },
  reactions: { allowed: "any" },
  // Five action rows of five buttons; "custom_id … 1-100 characters" (Component Reference). Ours are ASCII.
  actions: { max: 25, maxDataBytes: 100 },
  // "100 global CHAT_INPUT commands" (Application Commands).
  commands: { max: 100 },
  threads: { create: true, isConversation: true },
  directMessages: true,
  catchUp: true,
  listChats: true,
  // "All bots can make up to 50 requests per second" (Rate Limits); five messages in five seconds to one channel (observed).
  pace: { perChat: { calls: 5, perMs: 5 * secondMs }, overall: { calls: 45, perMs: secondMs } },
  media: {
    // Only the most boosted server takes so much: see `capabilitiesIn`.
    send: sizes(largestUploadBytes),
    receive: kinds,
    captionMaxLength: 2000,
    // Ten attachments of any kinds in one message (observed; JSON error 30015 for more).
    album: { max: 10, together: [kinds] },
  },
} as const satisfies CapabilityTable;

/** What is true of this chat: a direct message has no threads, a boosted server takes larger files. */
export function capabilitiesIn(chat: Chat, boostTier: number | undefined): Capabilities {
  const whole = completeCapabilities(capabilityTable);
  return {
    ...whole,
    threads: { ...whole.threads, create: chat.type !== "dm" && chat.ref.threadId === undefined },
    media: { ...whole.media, send: sizes(uploadBytesByTier[boostTier ?? 0] ?? uploadBytes) },
  };
}

function sizes(bytes: number): Readonly<Record<Attachment["kind"], number>> {
  return { image: bytes, audio: bytes, voice: bytes, video: bytes, sticker: bytes, file: bytes };
}
