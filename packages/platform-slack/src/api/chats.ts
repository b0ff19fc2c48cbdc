import type { Chat } from "@hermes/core";
import { typeOf } from "../place.ts";
import { objectIn, objectsIn, textIn, unreadable } from "./answers.ts";
import type { Calls } from "./calls.ts";

/** A conversation as a list names it. */
export interface ListedChannel {
  readonly id: string;
  readonly name: string | undefined;
  readonly type: Chat["type"];
}

export interface ChatCalls {
  openDirectMessage(userId: string): Promise<string>;
  /** The conversations that the bot is in, of the kinds that it may list (undefined: it is not known which); at most 20 pages of 200. */
  listChannels(scopes: readonly string[] | undefined): AsyncGenerator<ListedChannel, void, undefined>;
}

const kindByScope = {
  "channels:read": "public_channel",
  "groups:read": "private_channel",
  "mpim:read": "mpim",
  "im:read": "im",
} as const;
const pageSize = 200;
const maxPages = 20;

export function chatCalls({ raw, attempt, options }: Calls): ChatCalls {
  return {
    openDirectMessage(userId) {
      const what = "open a direct message";
      return attempt(what, async () => {
        const answer = await raw("conversations.open", { users: userId });
        return textIn(objectIn(answer["channel"])["id"]) ?? raise(unreadable(what, options.platform));
      });
    },
    async *listChannels(scopes) {
      // Slack refuses all of it where the right to one kind is missing.
      const kinds = Object.entries(kindByScope).filter(([scope]) => scopes === undefined || scopes.includes(scope));
      const types = kinds.map(([, kind]) => kind).join(",");
      if (types === "") return;
      let cursor: string | undefined;
      for (let page = 0; page < maxPages; page += 1) {
        const fields = { types, exclude_archived: true, limit: pageSize, cursor };
        const answer = await attempt("list chats", () => raw("users.conversations", fields));
        for (const channel of objectsIn(answer["channels"])) {
          const id = textIn(channel["id"]);
          if (id !== undefined) yield { id, name: textIn(channel["name"]), type: typeOf(id) };
        }
        cursor = textIn(objectIn(answer["response_metadata"])["next_cursor"]);
        if (cursor === undefined) return;
      }
    },
  };
}

function raise(error: Error): never {
  throw error;
}
