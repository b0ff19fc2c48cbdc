import { completeCapabilities, type Capabilities, type CapabilityTable, type Chat } from "@hermes/core";
import { reactionEmojis } from "./capabilities/reaction-emojis.ts";

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const gigabyte = 1024 * 1024 * 1024;

/** What Slack can do, with the source of each number; `capabilitiesFor` says what of it holds in a chat. */
export const capabilityTable = {
  // The markdown block: "The limit is 12,000 characters" for all of them in one message (Block Kit, Markdown block), and the same for
  // `markdown_text` of a stream (chat.appendStream). Beyond about 13,200 the whole message is refused (observed, not documented).
  text: { maxLength: 12_000, partsPerSend: 1, markdown: "partial", tables: true },
  // "Your app should respond to the event request with an HTTP 2xx within three seconds"; three more tries: "nearly immediately", after
  // one minute, after five minutes (Events API, Retries).
  inbound: { replay: "retries", windowMs: 6 * minuteMs, ackWithinMs: 3 * secondMs },
  sendWithoutListening: true,
  // chat.update is of tier 3: 50 a minute and more, in each workspace (Web API, Rate limits).
  edit: { minIntervalMs: 1250 },
  remove: {},
  // chat.startStream: always an answer in a thread.
  live: true,
  // "The status is cleared after two minutes" without a message (assistant.threads.setStatus); threads alone have one.
  typing: { refreshMs: 90 * secondMs },
  // Slack knows emoji by name: those whose names are known here.
  reactions: { allowed: reactionEmojis },
  // "There is a maximum of 25 elements in each action block"; "Maximum length for this field is 2000 characters" (Button, value).
  actions: { max: 25, maxDataBytes: 2000 },
  // Typed with `!` or below one slash command of the app: there is no list that Slack would take from a bot.
  commands: { max: 100 },
  // A thread is a conversation below one message.
  threads: { create: true, isConversation: true },
  directMessages: true,
  // A message carries its idempotency key as metadata.
  lookup: true,
  listChats: true,
  // Of a stream: what it grows by is counted by the workspace (chat.appendStream: tier 4, 100 a minute and more) and not by the channel;
  // of calls that only show progress the gateway makes seven in ten.
  pace: { perChat: { calls: 10, perMs: 5 * secondMs } },
  media: {
    // "up to 1 GB" (Slack, Add files to Slack).
    send: { image: gigabyte, audio: gigabyte, voice: gigabyte, video: gigabyte, file: gigabyte },
    receive: ["image", "audio", "voice", "video", "file"],
    // "limit the number of characters in the text field to 4,000" (chat.postMessage); a comment on a file is such a text.
    captionMaxLength: 4000,
    // Slack's clients take ten files with a message.
    album: { max: 10, together: [["image", "audio", "voice", "video", "file"]] },
  },
} as const satisfies CapabilityTable;

/** "no more than one message per second per channel", where "short bursts" are allowed (Web API, Rate limits). */
const messagePace = { perChat: { calls: 5, perMs: 5 * secondMs } } as const;

/** What is true of the workspace and of the app in it. */
export interface Circumstances {
  readonly hasStreams: boolean;
  readonly hasStatus: boolean;
}

/** What is true of this chat. */
export function capabilitiesIn({ ref }: Chat, { hasStreams, hasStatus }: Circumstances): Capabilities {
  const whole = completeCapabilities(capabilityTable);
  const isThread = ref.threadId !== undefined;
  return {
    ...whole,
    live: isThread && hasStreams,
    ...(isThread && hasStreams ? {} : { pace: messagePace }),
    ...(isThread && hasStatus ? {} : { typing: false }),
    // There are no threads in threads.
    ...(isThread ? { threads: { ...capabilityTable.threads, create: false } } : {}),
  };
}
