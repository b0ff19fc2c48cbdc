import type { Json, SessionKey } from "@hermes/core";
import type { ClaimRequest, SaidQuery, SearchHit, SessionRecord, Store, StoredEntry, TranscriptEntry } from "../store.ts";
import { trim, type RememberedEntry, type EventRow, type Tables } from "./tables.ts";

/** What people need to recognise a conversation by its first words. */
const openingLength = 200;

/** Sessions and what was said in them. */
export class Conversations {
  readonly #tables: Tables;
  readonly #maxSessions: number;
  readonly #maxEntriesPerSession: number;
  #lastEntryId = 0;

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

  remember(sessionId: string, entry: Omit<RememberedEntry, "id">): void {
    const entries = this.#tables.entries.get(sessionId) ?? [];
    this.#tables.entries.set(sessionId, entries);
    this.#lastEntryId += 1;
    entries.push({ ...entry, id: this.#lastEntryId });
    if (entries.length > this.#maxEntriesPerSession) entries.shift();
  }

  /** What brought it is not part of the conversation any more. */
  unremember(sessionId: string, turnId: string, eventId: string): void {
    const entries = this.#tables.entries.get(sessionId) ?? [];
    const at = entries.findIndex((entry) => entry.role === "user" && entry.turnId === turnId && entry.eventId === eventId);
    if (at >= 0) entries.splice(at, 1);
  }

  /** Adds to what the agent keeps of a session. */
  transcribe(sessionId: string, turnId: string, bodies: readonly Json[]): void {
    const entries = this.#tables.transcripts.get(sessionId) ?? [];
    this.#tables.transcripts.set(sessionId, entries);
    for (const body of bodies) entries.push({ id: (entries.at(-1)?.id ?? 0) + 1, body, turnId });
    entries.splice(0, Math.max(0, entries.length - this.#maxEntriesPerSession));
  }

  transcript({ sessionId, afterId = 0, limit }: Parameters<Store["transcript"]>[0]): readonly TranscriptEntry[] {
    const entries = this.#tables.transcripts.get(sessionId) ?? [];
    return entries
      .filter(({ id }) => id > afterId)
      .slice(0, limit)
      .map(({ id, body }) => ({ id, body }));
  }

  /** The turn that was said last in a session. */
  lastTurn(sessionId: string): string | undefined {
    return this.#tables.entries.get(sessionId)?.at(-1)?.turnId;
  }

  /** Takes a turn out of what is remembered; answers what was asked in it. */
  undo(session: SessionRecord, turnId: string): string {
    const { sessions, entries, transcripts, cutOff } = this.#tables;
    const before = entries.get(session.id) ?? [];
    const asked = before.find((entry) => entry.turnId === turnId && entry.role === "user")?.text ?? "";
    const left = before.filter((entry) => entry.turnId !== turnId);
    entries.set(session.id, left);
    transcripts.set(
      session.id,
      (transcripts.get(session.id) ?? []).filter((entry) => entry.turnId !== turnId),
    );
    cutOff.delete(session.id);
    const { lastTurnId: _last, ...rest } = session;
    const last = left.at(-1)?.turnId;
    sessions.set(session.id, last === undefined ? rest : { ...rest, lastTurnId: last });
    return asked;
  }

  list({ limit, before }: Parameters<Store["listSessions"]>[0]): readonly SessionRecord[] {
    return [...this.#tables.sessions.values()]
      .filter((session) => this.find(session.key)?.id === session.id)
      .sort(newestFirst)
      .filter((session) => before === undefined || newestFirst(before, session) < 0)
      .slice(0, limit)
      .map((session) => this.#withOpening(session));
  }

  findOpened(sessionKey: SessionKey): SessionRecord | undefined {
    const session = this.find(sessionKey);
    return session === undefined ? undefined : this.#withOpening(session);
  }

  #withOpening(session: SessionRecord): SessionRecord {
    const [first] = this.#tables.entries.get(session.id) ?? [];
    return first === undefined ? session : { ...session, opening: first.text.slice(0, openingLength) };
  }

  /** The newest session of a key. */
  find(sessionKey: SessionKey): SessionRecord | undefined {
    return this.#of(sessionKey).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0];
  }

  title(sessionKey: SessionKey, title: string | undefined): boolean {
    const session = this.find(sessionKey);
    if (session === undefined) return false;
    const { title: _before, ...rest } = session;
    this.#tables.sessions.set(session.id, { ...rest, ...(title === undefined ? {} : { title }) });
    return true;
  }

  /** Forgets all sessions of a key; false if there are none. */
  delete(sessionKey: SessionKey): boolean {
    const { sessions, currentSessions, entries, transcripts, cutOff } = this.#tables;
    const ids = this.#of(sessionKey).map(({ id }) => id);
    for (const id of ids) for (const table of [sessions, entries, transcripts, cutOff]) table.delete(id);
    currentSessions.delete(sessionKey);
    return ids.length > 0;
  }

  /** What was said under a key, newest first. */
  said({ sessionKey, limit, before }: SaidQuery): readonly (RememberedEntry & { readonly sessionId: string })[] {
    return this.#of(sessionKey)
      .flatMap(({ id: sessionId }) => (this.#tables.entries.get(sessionId) ?? []).map((entry) => ({ ...entry, sessionId })))
      .filter(({ id }) => before === undefined || id < before.entryId)
      .toSorted((a, b) => b.id - a.id)
      .slice(0, limit);
  }

  #of(sessionKey: SessionKey): readonly SessionRecord[] {
    return [...this.#tables.sessions.values()].filter(({ key }) => key === sessionKey);
  }

  history({ sessionId, limit, beforeTurnId }: Parameters<Store["history"]>[0]): readonly StoredEntry[] {
    const entries = this.#tables.entries.get(sessionId) ?? [];
    const end = beforeTurnId === undefined ? -1 : entries.findIndex((entry) => entry.turnId === beforeTurnId);
    return entries
      .slice(0, end === -1 ? undefined : end)
      .slice(-limit)
      .map(toEntry);
  }

  search({ text, limit, sessionKey }: Parameters<Store["search"]>[0]): readonly SearchHit[] {
    const wanted = text.toLowerCase();
    if (wanted === "") return [];
    return [...this.#tables.sessions.values()]
      .filter((session) => sessionKey === undefined || session.key === sessionKey)
      .flatMap((session) =>
        (this.#tables.entries.get(session.id) ?? [])
          .filter((entry) => entry.text.toLowerCase().includes(wanted))
          .map((entry) => ({ ...toEntry(entry), sessionId: session.id, sessionKey: session.key })),
      )
      .sort((a, b) => b.atMs - a.atMs)
      .slice(0, limit);
  }
}

function toEntry({ role, text, turnId, atMs }: RememberedEntry): StoredEntry {
  return { role, text, turnId, atMs };
}

function newestFirst(
  a: { readonly updatedAtMs: number; readonly id: string },
  b: { readonly updatedAtMs: number; readonly id: string },
): number {
  return b.updatedAtMs - a.updatedAtMs || Number(a.id < b.id) - Number(a.id > b.id);
}
