import type { Chat, Clock } from "@hermes/core";
import { timeLimited } from "../pause.ts";

const maxChats = 2000;
const maxNameLength = 200;

/** Whom the list is read for. */
export interface ChatListReading {
  readonly platform: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly clock: Clock;
}

/**
 * The first chats of a platform's own list, without their threads.
 *
 * @throws Whatever the platform throws, and Error where it does not come to an end in time.
 */
export async function readChatList(
  list: AsyncIterable<Chat>,
  { platform, timeoutMs, signal, clock }: ChatListReading,
): Promise<readonly Chat[]> {
  const limit = timeLimited(signal, timeoutMs, clock);
  const overdue = Promise.withResolvers<never>();
  const end = (): void => overdue.reject(new Error(`It took longer than ${timeoutMs / 1000} s to list them`));
  limit.signal.addEventListener("abort", end, { once: true });
  // Where the list is read in time, nobody waits for this one.
  overdue.promise.catch(() => undefined);
  const chats: Chat[] = [];
  const iterator = list[Symbol.asyncIterator]();
  let isOver = false;
  try {
    while (!isOver && chats.length < maxChats) {
      const next = await Promise.race([iterator.next(), overdue.promise]);
      isOver = next.done === true;
      if (next.done !== true) chats.push(withoutThread(next.value, platform));
    }
    return chats;
  } finally {
    limit.release();
    limit.signal.removeEventListener("abort", end);
    // Not waited for: whoever does not go on in time does not end in time either.
    if (!isOver) void iterator.return?.().then(undefined, () => undefined);
  }
}

function withoutThread({ ref, name, ...rest }: Chat, platform: string): Chat {
  return {
    ...rest,
    ref: { platform, chatId: ref.chatId },
    ...(name === undefined ? {} : { name: name.slice(0, maxNameLength) }),
  };
}
