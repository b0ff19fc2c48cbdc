import type { Part, SessionKey } from "@hermes/core";
import type {
  Accepted,
  ClaimedTurn,
  ClaimRequest,
  EventBatch,
  InterruptedTurn,
  Notice,
  SearchHit,
  SessionRecord,
  Store,
  StoredEntry,
  TurnEnding,
  TurnStep,
  UnsettledReply,
} from "../store.ts";
import { StoreError } from "../store-error.ts";
import { isPending } from "../reply-progress.ts";
import { Conversations } from "./conversations.ts";
import { WaitingEvents } from "./waiting-events.ts";
import { createTables, pageAfter, trim, type Tables, type TurnRow } from "./tables.ts";

/** How much the in-memory store keeps. */
export interface MemoryStoreOptions {
  /** How many event ids are remembered for recognising repetitions. Default 100 000. */
  readonly maxEvents?: number;
  /** How many sessions are kept, the least recently started going first. Default 10 000. */
  readonly maxSessions?: number;
  /** How many history entries a session keeps. Default 1000. */
  readonly maxEntriesPerSession?: number;
}

/** Turns and notices that are over are needed for nothing but a late word about them. */
const maxSettledTurns = 1000;

/** A store that is gone with the process: for bots that need no memory, and for tests. Opening it again takes it over, as with a file. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options);
}

class MemoryStore implements Store {
  /** Nothing takes a store over that is gone with its process. */
  readonly lost = new AbortController().signal;
  readonly #tables: Tables = createTables();
  readonly #maxEvents: number;
  readonly #conversations: Conversations;
  readonly #queue = new WaitingEvents();
  #isOpen = false;

  constructor({ maxEvents = 100_000, maxSessions = 10_000, maxEntriesPerSession = 1000 }: MemoryStoreOptions) {
    this.#maxEvents = maxEvents;
    this.#conversations = new Conversations(this.#tables, maxSessions, maxEntriesPerSession);
  }

  async open(): Promise<{ readonly lastSeq: number }> {
    this.#isOpen = true;
    return { lastSeq: this.#queue.lastSeq };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  async acceptEvents(batch: EventBatch): Promise<readonly Accepted[]> {
    this.#check();
    const { events, memory } = this.#tables;
    const accepted = batch.intakes.map((intake): Accepted => {
      const id = joinKey(batch.platform, intake.event.eventId);
      if (events.has(id)) return { status: "duplicate" };
      events.add(id);
      return { status: "stored", seq: this.#queue.add(batch, intake) };
    });
    if (batch.cursor !== undefined) {
      memory.set(joinKey(batch.platform, batch.cursor.key), { platform: batch.platform, ...batch.cursor });
    }
    for (const id of events) {
      if (events.size <= this.#maxEvents) break;
      events.delete(id);
    }
    return accepted;
  }

  async dropQueued({ sessionKey, beforeSeq }: { readonly sessionKey: SessionKey; readonly beforeSeq: number }): Promise<number> {
    this.#check();
    return this.#queue.drop(sessionKey, beforeSeq);
  }

  async listQueuedLanes({ afterKey = "", limit }: { readonly afterKey?: string; readonly limit: number }) {
    this.#check();
    return this.#queue.list(afterKey, limit);
  }

  async claimTurn(request: ClaimRequest): Promise<ClaimedTurn | undefined> {
    this.#check();
    const row = this.#queue.takeTurn(request.sessionKey);
    if (row === undefined) return undefined;
    const sessionId = this.#conversations.use(request, row.event);
    this.#addTurn({ id: request.turnId, sessionKey: request.sessionKey, sessionId, source: row, running: true });
    if (row.event.type === "message") {
      this.#conversations.remember(sessionId, {
        role: "user",
        text: row.event.text,
        turnId: request.turnId,
        atMs: request.nowMs,
      });
    }
    return { turnId: request.turnId, sessionId, sessionKey: request.sessionKey, seq: row.seq, event: row.event };
  }

  #addTurn(turn: Pick<TurnRow, "id" | "sessionKey" | "sessionId" | "source" | "running"> & Partial<TurnRow>): TurnRow {
    const event = turn.source?.event;
    const chat = turn.chat ?? event?.chat;
    if (chat === undefined) throw new TypeError("A reply needs a chat");
    const row: TurnRow = { toolsOnce: [], parts: new Map(), origin: event?.origin, ...turn, chat };
    this.#tables.turns.set(row.id, row);
    trim(this.#tables.turns, maxSettledTurns, (old) => !old.running && ![...old.parts.values()].some(isPending));
    return row;
  }

  async nextCommand(sessionKey: SessionKey) {
    this.#check();
    const row = this.#queue.nextCommand(sessionKey);
    return row === undefined ? undefined : { seq: row.seq, event: row.event, verdict: row.verdict, rule: row.rule };
  }

  async commitStep(step: TurnStep): Promise<void> {
    this.#check();
    const turn = this.#turn(step.turnId);
    switch (step.kind) {
      case "parts":
        putParts(turn, step.parts);
        break;
      case "tool-once":
        turn.toolsOnce.push(step.callId);
        break;
    }
  }

  async finishTurn(ending: TurnEnding): Promise<void> {
    this.#check();
    const turn = this.#turn(ending.turnId);
    if (!turn.running) return;
    turn.running = false;
    putParts(turn, ending.parts);
    if (ending.text !== "" && turn.sessionId !== undefined) {
      this.#conversations.remember(turn.sessionId, { role: "assistant", text: ending.text, turnId: turn.id, atMs: ending.nowMs });
    }
  }

  async postNotice(notice: Notice): Promise<void> {
    this.#check();
    if (notice.seq !== undefined) this.#queue.settleCommand(notice.sessionKey, notice.seq);
    const turn = this.#addTurn({
      id: notice.replyId,
      sessionKey: notice.sessionKey,
      sessionId: undefined,
      source: undefined,
      running: false,
      chat: notice.chat,
      origin: notice.origin,
    });
    putParts(turn, notice.parts);
  }

  async settleParts({ replyId, parts }: { readonly replyId: string; readonly parts: readonly Part[] }): Promise<void> {
    this.#check();
    putParts(this.#turn(replyId), parts);
  }

  async listInterruptedTurns({
    afterId,
    limit,
  }: {
    readonly afterId?: string;
    readonly limit: number;
  }): Promise<readonly InterruptedTurn[]> {
    this.#check();
    return pageAfter([...this.#tables.turns.values()], afterId, limit, (turn) => turn.running).flatMap((turn) =>
      turn.source === undefined || turn.sessionId === undefined
        ? []
        : [
            {
              turnId: turn.id,
              sessionId: turn.sessionId,
              sessionKey: turn.sessionKey,
              seq: turn.source.seq,
              event: turn.source.event,
              parts: [...turn.parts.values()],
              toolsOnce: [...turn.toolsOnce],
            },
          ],
    );
  }

  async listUnsettledReplies({
    afterId,
    limit,
  }: {
    readonly afterId?: string;
    readonly limit: number;
  }): Promise<readonly UnsettledReply[]> {
    this.#check();
    const unsettled = (turn: TurnRow): boolean => !turn.running && [...turn.parts.values()].some(isPending);
    return pageAfter([...this.#tables.turns.values()], afterId, limit, unsettled).map((turn) => ({
      replyId: turn.id,
      sessionKey: turn.sessionKey,
      chat: turn.chat,
      ...(turn.origin === undefined ? {} : { origin: turn.origin }),
      parts: [...turn.parts.values()],
    }));
  }

  async endSession({
    sessionKey,
    nowMs,
  }: {
    readonly sessionKey: SessionKey;
    readonly nowMs: number;
  }): Promise<string | undefined> {
    this.#check();
    return this.#conversations.end(sessionKey, nowMs);
  }

  async currentSession(sessionKey: SessionKey): Promise<SessionRecord | undefined> {
    this.#check();
    return this.#conversations.current(sessionKey);
  }

  async listSessions(page: Parameters<Store["listSessions"]>[0]): Promise<readonly SessionRecord[]> {
    this.#check();
    return this.#conversations.list(page);
  }

  async history(request: Parameters<Store["history"]>[0]): Promise<readonly StoredEntry[]> {
    this.#check();
    return this.#conversations.history(request);
  }

  async search(request: Parameters<Store["search"]>[0]): Promise<readonly SearchHit[]> {
    this.#check();
    return this.#conversations.search(request);
  }

  async readMemory(platform: string, key: string, nowMs: number) {
    this.#check();
    const entry = this.#tables.memory.get(joinKey(platform, key));
    return entry === undefined || (entry.expiresAtMs ?? Infinity) <= nowMs ? undefined : entry.value;
  }

  async writeMemory(entry: Parameters<Store["writeMemory"]>[0]): Promise<void> {
    this.#check();
    this.#tables.memory.set(joinKey(entry.platform, entry.key), entry);
  }

  async deleteMemory(platform: string, key: string): Promise<void> {
    this.#check();
    this.#tables.memory.delete(joinKey(platform, key));
  }

  async grantAccess(grant: Parameters<Store["grantAccess"]>[0]): Promise<void> {
    this.#check();
    this.#tables.grants.set(joinKey(grant.platform, grant.userId), grant);
  }

  async listGrants() {
    this.#check();
    return [...this.#tables.grants.values()];
  }

  async maintain({ nowMs }: { readonly nowMs: number }): Promise<boolean> {
    this.#check();
    for (const [key, entry] of this.#tables.memory) {
      if ((entry.expiresAtMs ?? Infinity) <= nowMs) this.#tables.memory.delete(key);
    }
    return false;
  }

  #turn(id: string): TurnRow {
    const turn = this.#tables.turns.get(id);
    if (turn === undefined) throw new StoreError("unavailable", `There is no reply ${id} in this store`);
    return turn;
  }

  #check(): void {
    if (!this.#isOpen) throw new StoreError("closed", "The store is not open: call open() first, and nothing after close()");
  }
}

function joinKey(platform: string, key: string): string {
  return `${platform}\n${key}`;
}

function putParts(turn: TurnRow, parts: readonly Part[]): void {
  for (const part of parts) turn.parts.set(part.index, part);
}
