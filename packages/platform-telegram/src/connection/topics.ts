import { isPlatformError, type Chat, type ChatRef, type MessageRef } from "@hermes/core";
import type { Api } from "../api.ts";
import { placeOf } from "./places.ts";

/** "Topic name, 1-128 characters" (Bot API, createForumTopic). */
const maxNameLength = 128;

/** Opening topics, where a chat has them. */
export interface Topics {
  /** Whether one can be opened, as far as is known: the right to do so shows when it is used. */
  maybeIn(chat: Chat): boolean;
  open(at: MessageRef | ChatRef, title: string): Promise<Chat>;
}

export function openTopics({
  api,
  hasPrivateTopics,
}: {
  readonly api: Pick<Api, "createTopic">;
  readonly hasPrivateTopics: boolean;
}): Topics {
  /** Chats that have no topics, or where the bot lacks the right: forgotten with the connection. */
  const refused = new Set<string>();
  return {
    maybeIn({ ref, type, facts }) {
      if (type === "channel" || refused.has(ref.chatId)) return false;
      return type === "dm" ? hasPrivateTopics : isForum(facts);
    },
    async open({ platform, chatId }, title) {
      const place = placeOf({ platform, chatId });
      const name = nameOf(title);
      try {
        const threadId = String(await api.createTopic(place, name));
        const type = place.chatId > 0 ? "dm" : "group";
        return { ref: { platform, chatId, threadId }, type, name, ...(type === "group" ? { facts: { isForum: true } } : {}) };
      } catch (error) {
        if (isPlatformError(error) && ["forbidden", "invalid"].includes(error.failure.kind)) refused.add(chatId);
        throw error;
      }
    },
  };
}

function isForum(facts: Chat["facts"]): boolean {
  return typeof facts === "object" && facts !== null && "isForum" in facts && facts["isForum"] === true;
}

/** A name is a label: a longer title is shortened, an empty one replaced. */
function nameOf(title: string): string {
  const name = title.toWellFormed().replace(/\s+/gu, " ").trim();
  if (name.length <= maxNameLength) return name === "" ? "…" : name;
  return `${name.slice(0, maxNameLength - 1).replace(/[\uD800-\uDBFF]$/u, "")}…`;
}
