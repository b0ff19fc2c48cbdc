import type { Attachment, Author, Chat, SessionKey } from "@hermes/core";
import type { Page } from "../ledger/ledger.ts";
import type { SearchHit, StepRecord } from "../store.ts";

/** Conversations as people look at them: lists, what was said in one, search; and what can be done about one by hand. */
export interface Conversations {
  /** The ones with the newest message first. */
  list(query: ConversationQuery): Promise<Page<Conversation>>;
  /** Oldest first within the page; `next` leads to what was said before. */
  history(query: HistoryQuery): Promise<Page<Message>>;
  /** Newest first. */
  search(query: { readonly text: string; readonly limit: number; readonly sessionKey?: SessionKey }): Promise<readonly Found[]>;
  /** Names a conversation, or with an empty title takes its name away; false if there is none. */
  title(sessionKey: SessionKey, title: string): Promise<boolean>;
  /** Forgets a conversation. `busy`: an answer is on its way; of a long one, something may be forgotten already if that came only now. */
  delete(sessionKey: SessionKey): Promise<"done" | "busy" | "absent">;
}

/** Which conversations. */
export interface ConversationQuery {
  readonly platform?: string;
  readonly limit: number;
  /** The last page's `next`. */
  readonly after?: string;
}

/** One conversation: all sessions of one key. */
export interface Conversation {
  readonly sessionKey: SessionKey;
  /** What it was called, else its first words; empty where there are none. */
  readonly title: string;
  readonly chat: Chat;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly isRunning: boolean;
}

/** Which part of a conversation. */
export interface HistoryQuery {
  readonly sessionKey: SessionKey;
  readonly limit: number;
  /** The last page's `next`. */
  readonly before?: string;
}

/** Something that was said. A message and what answers it have the same id. */
export interface Message {
  readonly id: string;
  /** `notice`: the gateway itself. */
  readonly role: "user" | "assistant" | "notice";
  readonly text: string;
  readonly atMs: number;
  /** Of somebody's message: what became of it. */
  readonly state?: "waiting" | "running" | "finished" | "interrupted" | "failed";
  readonly author?: Author;
  readonly attachments: readonly Attachment[];
  readonly steps: readonly StepRecord[];
  /** Changes where the conversation was begun anew. */
  readonly sessionId?: string;
}

/** Something that was said and fits, with what its conversation is called. */
export interface Found extends SearchHit {
  readonly title: string;
}
