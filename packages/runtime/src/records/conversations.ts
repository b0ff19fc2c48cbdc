import type { Chat, HistoryEntry, Json, PlatformEvent, SessionKey } from "@hermes/core";
import type { StoredReply } from "./turns.ts";

/** One conversation, from its first message to its end. */
export interface SessionRecord {
  readonly id: string;
  readonly key: SessionKey;
  readonly title?: string;
  readonly chat: Chat;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly endedAtMs?: number;
  /** The newest turn. */
  readonly lastTurnId?: string;
  /** The beginning of what was said first; only in lists. */
  readonly opening?: string;
}

/** Something that was said, with when. */
export interface StoredEntry extends HistoryEntry {
  readonly atMs: number;
}

/** One use of a tool in a turn, as people are told of it. */
export interface StepRecord {
  readonly callId: string;
  readonly title: string;
  readonly state: "running" | "done" | "failed";
  readonly summary?: string;
}

/** Something that was said under a session's key, with what is still known of it. */
export interface SaidEntry extends StoredEntry {
  /** Grows with time. */
  readonly id: number;
  readonly sessionId: string;
  /** The event that brought it, or that it answers. */
  readonly eventId?: string;
  /** As long as its turn is kept. */
  readonly turnState?: StoredReply["state"];
  readonly steps?: readonly StepRecord[];
  /** What the turn answers, as long as that is kept; only with the first entry of a turn. */
  readonly event?: PlatformEvent;
  /** What the gateway itself put to somebody in this turn; only with the first entry of a turn. */
  readonly notices: readonly SaidNotice[];
}

/** Something the gateway itself said. */
export interface SaidNotice {
  /** Of a notice that stands alone; it grows with time. */
  readonly replyId: string;
  readonly text: string;
  readonly atMs: number;
  /** The command it answers. */
  readonly event?: PlatformEvent;
}

/** What was said under one key, each list newest first. */
export interface Said {
  readonly entries: readonly SaidEntry[];
  readonly notices: readonly SaidNotice[];
  /** Messages that wait for their turn, the oldest first; only on the first page. */
  readonly waiting: readonly { readonly event: PlatformEvent; readonly atMs: number }[];
}

/** Which part of what was said. */
export interface SaidQuery {
  readonly sessionKey: SessionKey;
  /** Of each list. */
  readonly limit: number;
  readonly before?: { readonly entryId: number; readonly replyId: string };
}

/** Something that was said, with where. */
export interface SearchHit extends StoredEntry {
  readonly sessionId: string;
  readonly sessionKey: SessionKey;
}

/** A small value of a platform's own. */
export interface MemoryEntry {
  readonly platform: string;
  readonly key: string;
  readonly value: Json;
  readonly expiresAtMs?: number;
}

/** Somebody who was made more than the configuration says. */
export interface AccessGrant {
  readonly platform: string;
  readonly userId: string;
  readonly role: "owner";
  readonly grantedAtMs: number;
}
