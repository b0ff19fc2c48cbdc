import {
  definePlatform,
  PlatformError,
  type CapabilityTable,
  type Chat,
  type ConnectionOf,
  type Failure,
  type MessageRef,
  type OutboundMessage,
  type Platform,
  type PlatformHost,
  type SendOptions,
} from "@hermes/core";
import { readFile, type Happening, type Standing } from "./conversation.ts";

const table = {
  text: { maxLength: 4000, partsPerSend: 1, markdown: "full", tables: true },
  inbound: { replay: "cursor", windowMs: 86_400_000 },
  idempotentSend: true,
  remove: {},
  typing: { refreshMs: 4000 },
  reactions: { allowed: "any" },
  actions: { max: 25, maxDataBytes: 256 },
  media: {
    send: { image: 50_000_000, audio: 50_000_000, voice: 50_000_000, video: 50_000_000, sticker: 50_000_000, file: 50_000_000 },
    receive: ["image", "audio", "voice", "video", "sticker", "file"],
    captionMaxLength: 1000,
    album: { max: 10, together: [["image", "video"], ["file"], ["audio"]] },
  },
} as const satisfies CapabilityTable;

/** What a scripted platform and its chats share. */
export interface ChatWorld {
  readonly id: string;
  readonly platform: Platform;
  readonly host: PlatformHost | undefined;
  /** Everything that happened, by chat. */
  readonly happenings: Map<string, Happening[]>;
  /** Messages of the bot, oldest first, of all chats. */
  readonly standing: Standing[];
  /** Files that people sent, by ticket. */
  readonly uploads: Map<string, Uint8Array>;
  happen(chatId: string, happening: Happening): void;
  /** A number that was not given before. */
  next(): number;
}

/**
 * A platform that shows each answer once, whole: a test reads what the bot says, not how it grew.
 */
export function createChatWorld(id: string): ChatWorld {
  let host: PlatformHost | undefined;
  let count = 0;
  const world: ChatWorld = {
    id,
    happenings: new Map(),
    standing: [],
    uploads: new Map(),
    get host() {
      return host;
    },
    happen(chatId, happening) {
      world.happenings.set(chatId, [...(world.happenings.get(chatId) ?? []), happening]);
    },
    next: () => (count += 1),
    platform: definePlatform({
      apiVersion: 1,
      id,
      kind: "scripted",
      claims: [],
      capabilities: table,
      measure: (markdown) => markdown.length,
      async connect(given) {
        host = given;
        return openConnection(world);
      },
    }),
  };
  return world;
}

function openConnection(world: ChatWorld): ConnectionOf<typeof table> {
  const sent = new Map<string, MessageRef>();
  const fail = (failure: Failure, why: string): PlatformError =>
    new PlatformError({ platform: world.id, failure, message: `Refused: ${why}` });
  const find = (ref: MessageRef): Standing => {
    const found = world.standing.find((message) => message.ref.messageId === ref.messageId && !message.isRemoved);
    if (found === undefined) throw fail({ kind: "not-found", what: "message" }, "there is no such message");
    return found;
  };
  return {
    identity: { id: "bot", name: "bot" },
    listen: (signal) =>
      new Promise((resolve) => {
        world.host?.report("up");
        const end = (): void => resolve({ reason: "requested" });
        if (signal.aborted) end();
        else signal.addEventListener("abort", end, { once: true });
      }),
    async send(chat, message, options) {
      const earlier = sent.get(options.idempotencyKey);
      if (earlier !== undefined) return [earlier];
      const ref = await post(world, chat, message, options);
      sent.set(options.idempotencyKey, ref);
      return [ref];
    },
    async remove(ref) {
      find(ref).isRemoved = true;
      world.happen(ref.chatId, { by: "bot", did: "removed a message" });
    },
    setTyping: async () => undefined,
    async react(ref, emoji, present) {
      world.happen(ref.chatId, { by: "bot", did: `${present ? "reacted with" : "took back"} ${emoji}` });
    },
    async settleAction(event, { notice }) {
      if (notice !== undefined) world.happen(event.chat.ref.chatId, { by: "bot", did: `answered the press: ${notice}` });
    },
    async download(attachment, { maxBytes }) {
      const { ticket } = attachment;
      const bytes = typeof ticket === "string" ? world.uploads.get(ticket) : undefined;
      if (bytes === undefined) throw fail({ kind: "not-found", what: "message" }, "there is no such file");
      if (bytes.byteLength > maxBytes) throw fail({ kind: "too-long" }, "the file is larger than asked for");
      return new Blob([new Uint8Array(bytes)]).stream();
    },
    disconnect: async () => undefined,
  };
}

async function post(world: ChatWorld, chat: Chat, message: OutboundMessage, options: SendOptions): Promise<MessageRef> {
  const [text = ""] = message.texts;
  if (text.length > table.text.maxLength) {
    throw new PlatformError({ platform: world.id, failure: { kind: "too-long" }, message: "Refused: the text is too long" });
  }
  const files = await Promise.all(message.files.map(readFile));
  const ref: MessageRef = { ...chat.ref, messageId: `b${world.next()}` };
  const actions = message.actions.flat();
  const standing: Standing = {
    ref,
    text,
    files,
    actions,
    buttons: actions.map(({ label }) => label),
    ...(options.quote === undefined ? {} : { quotes: options.quote.messageId }),
    silent: options.silent === true,
    isRemoved: false,
  };
  world.standing.push(standing);
  world.happen(chat.ref.chatId, { by: "bot", message: standing });
  return ref;
}
