import type { Chat } from "@hermes/core";
import type { AiConfiguration } from "../configuration.ts";

/**
 * The sets of tools that somebody has at a place. The most specific that the configuration names wins, alone: the person, the thread, the chat,
 * the platform, the default. Where nothing is named there are none.
 */
export function setsFor({ ref }: Chat, userId: string, { toolSets = {} }: AiConfiguration): readonly string[] {
  const { users, chats, platforms } = toolSets;
  const chat = `${ref.platform}:${ref.chatId}`;
  return (
    own(users, `${ref.platform}:${userId}`) ??
    (ref.threadId === undefined ? undefined : own(chats, `${chat}:${ref.threadId}`)) ??
    own(chats, chat) ??
    own(platforms, ref.platform) ??
    toolSets.default ??
    []
  );
}

/** An id is a stranger's word: what an object inherits is no entry. */
function own(table: Readonly<Record<string, readonly string[]>> | undefined, key: string): readonly string[] | undefined {
  return table !== undefined && Object.hasOwn(table, key) ? table[key] : undefined;
}
