import type { Chat, Json, Origin, Part, PlatformEvent, SessionKey } from "@hermes/core";
import type {
  CutOff,
  JournalledTool,
  SessionRecord,
  StepRecord,
  StoredEntry,
  StoredQuestion,
  TranscriptEntry,
  TurnEnding,
  Verdict,
} from "../store.ts";

/** An event as it waits. */
export interface EventRow {
  readonly seq: number;
  readonly platform: string;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly event: PlatformEvent;
  readonly atMs: number;
  /** It belongs to the turn of what waits before it. */
  readonly joins: boolean;
}

/** A turn or a notice, with the parts of its reply. */
export interface TurnRow {
  readonly id: string;
  readonly sessionKey: SessionKey;
  readonly sessionId: string | undefined;
  readonly chat: Chat;
  readonly origin: Origin | undefined;
  /** The event that a turn answers. */
  readonly source: EventRow | undefined;
  /** What joined it. */
  readonly joined: readonly EventRow[];
  /** What its agent took while it ran, and whether it has made a checkpoint since. */
  steered: readonly { readonly row: EventRow; readonly isKnown: boolean }[];
  readonly seq: number | undefined;
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
  state: "running" | TurnEnding["outcome"];
  /** The session's next turn is to be told what it left open. */
  isCutOff: boolean;
  before?: CutOff;
  tools: readonly JournalledTool[];
  step: number;
  checkpoint: Json | undefined;
  said: string;
  steps: readonly StepRecord[];
  readonly questions: Map<string, StoredQuestion>;
  readonly parts: Map<number, Part>;
}

/** Something that was said. */
export interface RememberedEntry extends StoredEntry {
  readonly id: number;
  readonly eventId?: string;
}

/** Everything the in-memory store holds. */
export interface Tables {
  readonly sessions: Map<string, SessionRecord>;
  readonly currentSessions: Map<SessionKey, string>;
  /** By session: the turn that was cut off there. */
  readonly cutOff: Map<string, string>;
  readonly transcripts: Map<string, (TranscriptEntry & { readonly turnId: string })[]>;
  readonly entries: Map<string, RememberedEntry[]>;
}

/** Tables that hold nothing yet. */
export function createTables(): Tables {
  return {
    sessions: new Map(),
    currentSessions: new Map(),
    cutOff: new Map(),
    transcripts: new Map(),
    entries: new Map(),
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
