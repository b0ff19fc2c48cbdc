import type { Acceptance, Attachment, Author, Chat, MessageEvent, MessageRef, PlatformEvent } from "@hermes/core";
import type { FakeClock } from "../fake-clock.ts";
import type { ChatWorld } from "./chat-platform.ts";
import type { BotMessage } from "./conversation.ts";
import { waitFor } from "./patience.ts";
import { writeTranscript } from "./transcript.ts";

/** Somebody in the chat. Everything resolves with what the gateway made of it, once it is stored or refused. */
export interface ChatUser {
  /** What access rules call them: `chat:ada` for a platform that is called `chat`. */
  readonly id: string;
  says(text: string, how?: Saying): Promise<Acceptance>;
  /** Changes what they said last. */
  edits(text: string): Promise<Acceptance>;
  /** Takes back what they said last. */
  deletes(): Promise<Acceptance>;
  /** Reacts to what the bot said last. */
  reacts(emoji: string): Promise<Acceptance>;
  /** Presses the newest button with this label. */
  presses(label: string): Promise<Acceptance>;
  sends(file: UserFile, caption?: string): Promise<Acceptance>;
}

/** How something is said; each has a default. */
export interface Saying {
  /** Default: true in a direct chat; in a group only with this, or as a reply to the bot. */
  readonly addressed?: boolean;
  /** Quotes a message of the bot. */
  readonly replyTo?: BotMessage;
  readonly threadId?: string;
}

export interface UserFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Default `file`. */
  readonly kind?: Attachment["kind"];
  /** Default `application/octet-stream`. */
  readonly mimeType?: string;
}

/** What a user acts with. */
export interface UserParts {
  readonly world: ChatWorld;
  readonly chat: Chat;
  readonly clock: FakeClock;
}

export function createUser({ world, chat, clock }: UserParts, name: string, isBot: boolean): ChatUser {
  const author: Author = { id: name, name, isBot, assurance: "platform" };
  const { chatId } = chat.ref;
  let last: MessageEvent | undefined;
  /** What is done to a message is done where it stands. */
  const base = (message?: MessageRef) => ({
    version: 1 as const,
    eventId: `e${world.next()}`,
    chat: message?.threadId === undefined ? chat : { ...chat, ref: { ...chat.ref, threadId: message.threadId } },
    origin: { author, lifetime: "durable" as const, ...(message === undefined ? {} : { message }) },
    at: new Date(clock.now()).toISOString(),
  });
  const offer = async (event: PlatformEvent, did: string): Promise<Acceptance> => {
    world.happen(chatId, { by: "person", who: name, did });
    const isConnected = await waitFor(clock, () => world.host !== undefined, 60_000);
    if (!isConnected || world.host === undefined) {
      throw new Error("The chat is connected to no gateway: give chat.platform to createGateway and start it first");
    }
    const [acceptance = "refused"] = await world.host.accept([event]);
    if (acceptance === "refused") world.happen(chatId, { by: "person", who: name, did: "was refused by the gateway" });
    return acceptance;
  };
  const transcript = (): string => `The conversation so far:\n${writeTranscript(world.happenings.get(chatId) ?? [])}`;
  const mine = (what: string): MessageEvent => {
    if (last === undefined) throw new Error(`${name} has said nothing that could be ${what}.\n${transcript()}`);
    return last;
  };
  const say = (text: string, attachments: readonly Attachment[], how: Saying, did: string): Promise<Acceptance> => {
    const { replyTo, threadId, addressed = chat.type === "dm" || replyTo !== undefined } = how;
    const messageId = `u${world.next()}`;
    const message = { ...chat.ref, ...(threadId === undefined ? {} : { threadId }), messageId };
    last = {
      ...base(message),
      type: "message",
      messageId,
      text,
      addressed,
      attachments,
      ...(replyTo === undefined ? {} : { replyTo: { message: replyTo.ref, text: replyTo.text, ofBot: true } }),
    };
    return offer(last, did);
  };
  return {
    id: name,
    says: (text, how = {}) => say(text, [], how, `says: ${text}`),
    sends({ name: file, bytes, kind = "file", mimeType = "application/octet-stream" }, caption = "") {
      const ticket = `f${world.next()}`;
      world.uploads.set(ticket, bytes);
      const attachment: Attachment = { kind, ticket, name: file, mimeType, sizeBytes: bytes.byteLength };
      return say(caption, [attachment], {}, `sends: (${file}, ${bytes.byteLength} bytes) ${caption}`.trimEnd());
    },
    async edits(text) {
      const { messageId, origin } = mine("edited");
      return await offer({ ...base(origin.message), type: "edit", messageId, text }, `edits: ${text}`);
    },
    async deletes() {
      const { messageId, origin } = mine("deleted");
      return await offer({ ...base(origin.message), type: "delete", messageIds: [messageId] }, "deletes what they said");
    },
    async reacts(emoji) {
      const message = world.standing.findLast(({ ref, isRemoved }) => ref.chatId === chatId && !isRemoved);
      if (message === undefined) throw new Error(`The bot has said nothing to react to.\n${transcript()}`);
      const { messageId } = message.ref;
      return await offer({ ...base(message.ref), type: "reaction", messageId, emoji, added: true }, `reacts with ${emoji}`);
    },
    async presses(label) {
      const has = ({ ref, isRemoved, buttons }: (typeof world.standing)[number]): boolean =>
        ref.chatId === chatId && !isRemoved && buttons.includes(label);
      await waitFor(clock, () => world.standing.some(has), 30_000);
      const message = world.standing.findLast(has);
      const action = message?.actions.find((one) => one.label === label);
      if (message === undefined || action === undefined) {
        throw new Error(`There is no button [${label}] to press.\n${transcript()}`);
      }
      const { messageId } = message.ref;
      const event = {
        ...base(message.ref),
        type: "action",
        messageId,
        token: action.token,
        interaction: `p${world.next()}`,
      } as const;
      return await offer(event, `presses [${label}]`);
    },
  };
}
