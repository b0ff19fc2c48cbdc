import type { Attachment, SessionKey } from "@hermes/core";
import type { WebCaller } from "@hermes/platform-web";
import { pageRows, RpcError, type Handlers } from "@hermes/protocol";
import type { Conversations } from "@hermes/runtime";
import { doorId } from "../doors.ts";
import { mapConversation, mapHit, mapMessage } from "./map-conversations.ts";
import { explained } from "./refusals.ts";

/** The methods that conversations are read and kept by. */
export type ConversationMethod = "chat.history" | "session.list" | "session.search" | "session.title" | "session.delete";

export interface ConversationHandlersParts {
  readonly conversations: Conversations;
  /** Where a browser gets a file; undefined for files that only their platform has. */
  readonly pathOf: (attachment: Attachment) => string | undefined;
  /** Tells whoever follows it that it is another now. */
  readonly changed: (sessionKey: string) => void;
}

const maxTitleLength = 200;
const defaultHits = 30;

/** Serves conversations as people look at them. */
export function createConversationHandlers({
  conversations,
  pathOf,
  changed,
}: ConversationHandlersParts): Pick<Handlers<WebCaller>, ConversationMethod> {
  return {
    async "chat.history"({ session_key, limit, before }) {
      const query = { sessionKey: session_key as SessionKey, limit: pageRows(limit) };
      const page = await explained(() => conversations.history({ ...query, ...(before === undefined ? {} : { before }) }));
      const messages = page.rows.map((message) => mapMessage(message, pathOf, !isDirect(session_key)));
      return { session_key, messages, ...(page.next === undefined ? {} : { next: page.next }) };
    },
    async "session.list"({ limit, ...query }) {
      const { rows, next } = await explained(() => conversations.list({ ...query, limit: pageRows(limit) }));
      return { sessions: rows.map(mapConversation), ...(next === undefined ? {} : { next }) };
    },
    async "session.search"({ text, session_key, limit = defaultHits }) {
      const place = session_key === undefined ? {} : { sessionKey: session_key as SessionKey };
      const found = await explained(() => conversations.search({ text, limit, ...place }));
      return { hits: found.map((hit) => mapHit(hit, text)) };
    },
    async "session.title"({ session_key, title }, caller) {
      needsOwn(session_key, caller);
      if (title.length > maxTitleLength)
        throw new RpcError("invalid-params", `Expected \`title\` to have at most ${maxTitleLength} characters`, {
          field: "title",
        });
      const isDone = await explained(() => conversations.title(session_key as SessionKey, title));
      if (isDone) changed(session_key);
      return isDone ? { done: true, message: "It is called so now." } : absent;
    },
    async "session.delete"({ session_key }, caller) {
      needsOwn(session_key, caller);
      const outcome = await explained(() => conversations.delete(session_key as SessionKey));
      switch (outcome) {
        case "done":
          changed(session_key);
          return { done: true, message: "It is deleted." };
        case "busy":
          return { done: false, message: "An answer is on its way there. Stop it first." };
        case "absent":
          return absent;
      }
    },
  };
}

/** Somebody else's conversation is changed by whoever may do everything. */
function needsOwn(sessionKey: string, { scope, credential }: WebCaller): void {
  if (scope === "admin") return;
  const [, , platform, kind, chatId = ""] = sessionKey.split(":");
  const isOwn = platform === doorId && kind === "dm" && chatId.split(".")[0] === credential?.userId;
  if (!isOwn) throw new RpcError("forbidden", "This conversation is somebody else's: changing it needs the scope `admin`");
}

/** Of two who talk there is no need to say who it was. */
function isDirect(sessionKey: string): boolean {
  return sessionKey.split(":")[3] === "dm";
}

const absent = { done: false, message: "There is no such conversation." } as const;
