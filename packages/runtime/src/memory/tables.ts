import type { Chat, Json, Origin, Part, PlatformEvent, SessionKey } from "@hermes/core";
import type { AccessGrant, MemoryEntry, SessionRecord, StoredEntry, Verdict } from "../store.ts";

/** An event as it waits. */
export interface EventRow {
  readonly seq: number;
  readonly platform: string;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly event: PlatformEvent;
}

/** A turn or a notice, with the parts of its reply. */
export interface TurnRow {
  readonly id: string;
  readonly sessionKey: SessionKey;
  readonly sessionId: string | undefined;
  readonly chat: Chat;
  readonly origin: Origin | undefined;
  readonly source: EventRow | undefined;
  readonly toolsOnce: string[];
  running: boolean;
  readonly parts: Map<number, Part>;
}

/** Everything the in-memory store holds. */
export interface Tables {
  /** What was accepted, by identity only: the events themselves wait in their lanes. */
  readonly events: Set<string>;
  readonly sessions: Map<string, SessionRecord>;
  readonly currentSessions: Map<SessionKey, string>;
  readonly turns: Map<string, TurnRow>;
  readonly entries: Map<string, StoredEntry[]>;
  readonly memory: Map<string, MemoryEntry & { readonly value: Json }>;
  readonly grants: Map<string, AccessGrant>;
}

/** Tables that hold nothing yet. */
export function createTables(): Tables {
  return {
    events: new Set(),
    sessions: new Map(),
    currentSessions: new Map(),
    turns: new Map(),
    entries: new Map(),
    memory: new Map(),
    grants: new Map(),
  };
}

/** Forgets the oldest so that `map` stays within `max`; only what `isIdle` allows. */
export function trim<K, V>(map: Map<K, V>, max: number, isIdle: (value: V) => boolean = () => true): void {
  if (map.size <= max) return;
  for (const [key, value] of map) {
    if (isIdle(value)) map.delete(key);
    if (map.size <= max) return;
  }
}

/** The wanted rows behind the one with the id `afterId`, or from the first on, in their order. */
export function pageAfter<T extends { readonly id: string }>(
  rows: readonly T[],
  afterId: string | undefined,
  limit: number,
  wanted: (row: T) => boolean,
): T[] {
  const start = afterId === undefined ? 0 : rows.findIndex((row) => row.id === afterId) + 1;
  return rows.slice(start).filter(wanted).slice(0, limit);
}
