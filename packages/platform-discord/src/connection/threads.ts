import { isPlatformError, type Chat, type ChatRef, type Failure, type MessageRef, type PlatformHost } from "@hermes/core";
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
  /** Being opened now: what else is shown there meanwhile waits for the same. */
  readonly #opening = new Map<string, Promise<boolean>>();
  readonly #refused = new Set<string>();

  constructor(parts: ThreadsParts) {
    this.#parts = parts;
  }

  /**
   * The place of a chat; a thread that does not stand yet is opened now. Where that is refused, as where the bot lacks the right to, or
   * the question is gone, the answer goes to the channel that it was asked in, and the log says why.
   */
  async target(chat: Chat): Promise<Target> {
    const { ref } = chat;
    const { threadId } = ref;
    const title = titleToOpen(chat);
    if (title === undefined || threadId === undefined || this.#opened.has(threadId)) return { place: placeOf(ref), ref };
    const { threadId: _, ...channel } = ref;
    const messageId = checkedId(threadId, "the thread's id", ref.platform);
    if (this.#refused.has(messageId)) return { place: placeOf(channel), ref: channel };
    const opening = this.#opening.get(messageId) ?? this.#begin(placeOf(channel).channelId, messageId, threadName(title));
    this.#opening.set(messageId, opening);
    try {
      return (await opening) ? { place: placeOf(ref), ref } : { place: placeOf(channel), ref: channel };
    } finally {
      this.#opening.delete(messageId);
    }
  }

  /** Whether the thread stands; throws for what may pass. */
  async #begin(channelId: string, messageId: string, name: string): Promise<boolean> {
    try {
      await this.#parts.api.startThreadFromMessage(channelId, messageId, name);
      remember(this.#opened, messageId);
      return true;
    } catch (error) {
      if (!isPlatformError(error) || !isFinal(error.failure)) throw error;
      remember(this.#refused, messageId);
      this.#parts.logger.warn(
        `No thread could be opened in channel ${channelId} (it takes Create Public Threads, Send Messages in Threads), so the answer is given in the channel: ${error.message}`,
      );
      return false;
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

/** No later try fares better, and the channel is there. */
function isFinal(failure: Failure): boolean {
  const isQuestionGone = failure.kind === "not-found" && failure.what === "message";
  return failure.kind === "forbidden" || failure.kind === "invalid" || isQuestionGone;
}

function remember(known: Set<string>, id: string): void {
  known.add(id);
  const [oldest] = known;
  if (known.size > memory && oldest !== undefined) known.delete(oldest);
}
