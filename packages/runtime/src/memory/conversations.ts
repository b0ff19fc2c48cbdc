import type { Json, SessionKey } from "@hermes/core";
import type { ClaimRequest, SearchHit, SessionRecord, Store, StoredEntry, TranscriptEntry } from "../store.ts";
import { trim, type EventRow, type Tables } from "./tables.ts";

/** Sessions and what was said in them. */
export class Conversations {
  readonly #tables: Tables;
  readonly #maxSessions: number;
  readonly #maxEntriesPerSession: number;

  constructor(tables: Tables, maxSessions: number, maxEntriesPerSession: number) {
    this.#tables = tables;
    this.#maxSessions = maxSessions;
    this.#maxEntriesPerSession = maxEntriesPerSession;
  }

  /** The key's session, used now; made if there is none. Answers its id. */
  use({ sessionKey, newSessionId, turnId, nowMs }: ClaimRequest, { chat }: EventRow["event"]): string {
    const { sessions, currentSessions, entries, transcripts, cutOff } = this.#tables;
    const current = this.current(sessionKey);
    if (current !== undefined) {
      sessions.set(current.id, { ...current, updatedAtMs: nowMs, lastTurnId: turnId });
      return current.id;
    }
    sessions.set(newSessionId, {
      id: newSessionId,
      key: sessionKey,
      chat,
      createdAtMs: nowMs,
      updatedAtMs: nowMs,
      lastTurnId: turnId,
    });
    currentSessions.set(sessionKey, newSessionId);
    for (const table of [sessions, currentSessions, entries, transcripts, cutOff])
      trim<unknown, unknown>(table, this.#maxSessions);
    return newSessionId;
  }

  end(sessionKey: SessionKey, nowMs: number): string | undefined {
    const current = this.current(sessionKey);
    if (current === undefined) return undefined;
    this.#tables.sessions.set(current.id, { ...current, endedAtMs: nowMs });
    this.#tables.currentSessions.delete(sessionKey);
    return current.id;
  }

  current(sessionKey: SessionKey): SessionRecord | undefined {
    const id = this.#tables.currentSessions.get(sessionKey);
    return id === undefined ? undefined : this.#tables.sessions.get(id);
  }

  remember(sessionId: string, entry: StoredEntry): void {
    const entries = this.#tables.entries.get(sessionId) ?? [];
    this.#tables.entries.set(sessionId, entries);
    entries.push(entry);
    if (entries.length > this.#maxEntriesPerSession) entries.shift();
  }

  /** Adds to what the agent keeps of a session. */
  transcribe(sessionId: string, bodies: readonly Json[]): void {
    const entries = this.#tables.transcripts.get(sessionId) ?? [];
    this.#tables.transcripts.set(sessionId, entries);
    for (const body of bodies) entries.push({ id: (entries.at(-1)?.id ?? 0) + 1, body });
    entries.splice(0, Math.max(0, entries.length - this.#maxEntriesPerSession));
  }

  transcript({ sessionId, afterId = 0, limit }: Parameters<Store["transcript"]>[0]): readonly TranscriptEntry[] {
    const entries = this.#tables.transcripts.get(sessionId) ?? [];
    return entries.filter(({ id }) => id > afterId).slice(0, limit);
  }

  list({ limit, before }: Parameters<Store["listSessions"]>[0]): readonly SessionRecord[] {
    return [...this.#tables.sessions.values()]
      .sort(newestFirst)
      .filter((session) => before === undefined || newestFirst(before, session) < 0)
      .slice(0, limit);
  }

  history({ sessionId, limit, beforeTurnId }: Parameters<Store["history"]>[0]): readonly StoredEntry[] {
    const entries = this.#tables.entries.get(sessionId) ?? [];
    const end = beforeTurnId === undefined ? -1 : entries.findIndex((entry) => entry.turnId === beforeTurnId);
    return entries.slice(0, end === -1 ? undefined : end).slice(-limit);
  }

  search({ text, limit, sessionKey }: Parameters<Store["search"]>[0]): readonly SearchHit[] {
    const wanted = text.toLowerCase();
    if (wanted === "") return [];
    return [...this.#tables.sessions.values()]
      .filter((session) => sessionKey === undefined || session.key === sessionKey)
      .flatMap((session) =>
        (this.#tables.entries.get(session.id) ?? [])
          .filter((entry) => entry.text.toLowerCase().includes(wanted))
          .map((entry) => ({ ...entry, sessionId: session.id, sessionKey: session.key })),
      )
      .sort((a, b) => b.atMs - a.atMs)
      .slice(0, limit);
  }
}

function newestFirst(
  a: { readonly updatedAtMs: number; readonly id: string },
  b: { readonly updatedAtMs: number; readonly id: string },
): number {
  return b.updatedAtMs - a.updatedAtMs || Number(a.id < b.id) - Number(a.id > b.id);
}
