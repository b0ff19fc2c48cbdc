import { isPlatformError, type Chat, type ChatRef, type MessageRef, type PlatformHost } from "@hermes/core";
import type { Api } from "../api.ts";
import type { Place } from "../api/place.ts";
import { isDirect, isForum, isThread } from "../decode/channels.ts";
import type { Directory } from "../decode/directory.ts";
import { encode } from "../encode.ts";
import { checkedId, placeOf, refusal, threadName, titleToOpen } from "./places.ts";

/** How many threads are remembered as opened, or as impossible. */
const memory = 1000;

export interface ThreadsParts {
  readonly platform: string;
  readonly api: Pick<Api, "getChannel" | "startThread" | "startThreadFromMessage" | "startPost">;
  readonly directory: Directory;
  readonly logger: PlatformHost["logger"];
}

/** Where a message for a chat goes; the thread is undefined where none could be opened. */
export interface Target {
  readonly place: Place;
  readonly ref: ChatRef;
}

/** Opens threads, and those that an event only promised. */
export class Threads {
  readonly #parts: ThreadsParts;
  readonly #opened = new Set<string>();
  readonly #refused = new Set<string>();

  constructor(parts: ThreadsParts) {
    this.#parts = parts;
  }

  /**
   * The place of a chat; a thread that does not stand yet is opened now. Where the bot lacks the right to, the answer goes to the channel
   * that the question stands in, and the log says what is missing.
   */
  async target(chat: Chat): Promise<Target> {
    const { ref } = chat;
    const { threadId } = ref;
    const title = titleToOpen(chat);
    if (title === undefined || threadId === undefined || this.#opened.has(threadId)) return { place: placeOf(ref), ref };
    const { threadId: _, ...channel } = ref;
    const messageId = checkedId(threadId, "the thread's id", ref.platform);
    if (this.#refused.has(messageId)) return { place: placeOf(channel), ref: channel };
    try {
      await this.#parts.api.startThreadFromMessage(placeOf(channel).channelId, messageId, threadName(title));
      remember(this.#opened, messageId);
      return { place: placeOf(ref), ref };
    } catch (error) {
      if (!isPlatformError(error) || error.failure.kind !== "forbidden") throw error;
      remember(this.#refused, messageId);
      this.#parts.logger.warn(
        `The bot may not open threads in channel ${channel.chatId} (Create Public Threads, Send Messages in Threads): it answers in the channel`,
      );
      return { place: placeOf(channel), ref: channel };
    }
  }

  async open(at: MessageRef | ChatRef, title: string): Promise<Chat> {
    const { platform, api, directory } = this.#parts;
    const name = threadName(title);
    const parent = { platform: at.platform, chatId: checkedId(at.chatId, "the channel's id", platform) };
    const made = (threadId: string): Chat => {
      remember(this.#opened, threadId);
      return { ref: { ...parent, threadId }, type: "group", name };
    };
    if (at.threadId !== undefined) throw refusal(platform, "open a thread", "there are none in threads");
    if ("messageId" in at) {
      const messageId = checkedId(at.messageId, "the message's id", platform);
      return made(await api.startThreadFromMessage(parent.chatId, messageId, name));
    }
    const channel = directory.channel(parent.chatId) ?? (await api.getChannel(parent.chatId));
    if (channel !== undefined && (isDirect(channel.type) || isThread(channel.type))) {
      throw refusal(platform, "open a thread", "there are none in direct messages and in threads");
    }
    if (channel === undefined || !isForum(channel.type)) return made(await api.startThread(parent.chatId, name));
    const message = { content: encode(name), allowed_mentions: { parse: [] } };
    return made(await api.startPost(parent.chatId, name, message));
  }
}

function remember(known: Set<string>, id: string): void {
  known.add(id);
  const [oldest] = known;
  if (known.size > memory && oldest !== undefined) known.delete(oldest);
}
