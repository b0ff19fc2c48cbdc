import type { Answer, Json, Part, SessionKey } from "@hermes/core";
import type {
  Accepted,
  Asking,
  ClaimedTurn,
  ClaimRequest,
  NumberedEvent,
  EventBatch,
  InterruptedTurn,
  Notice,
  Opened,
  SearchHit,
  SessionRecord,
  Store,
  StoredEntry,
  TranscriptEntry,
  TurnStep,
  UnsettledReply,
} from "@hermes/runtime";
import type { Database } from "better-sqlite3";
import { eventDetails, findById, listEvents, listReplies, storedReply } from "./ledger.ts";
import { acceptEvents } from "./accept-events.ts";
import { eventRow, putParts, questionsOf, toSession } from "./rows.ts";
import { interruptedTurns, unsettledReplies } from "./left-behind.ts";
import { claimTurn, endTurn, giveAnswer, noteCheckpoint, noteTool } from "./turn-writes.ts";
import { indexSome, maintainSome, newSweeps, type MaintenanceRequest } from "./maintenance.ts";
import { whileBusy } from "./open-database.ts";
import { deleteSome, listSaid } from "./said.ts";
import { changeQueued, dropQueued, listQueued, nextCommand } from "./queued.ts";
import { search } from "./search.ts";
import { storeError, toStoreError } from "./sqlite-error.ts";
import { returnSteering, takeSteering } from "./turn-inputs.ts";
import { prepareStatements, type Statements } from "./statements.ts";
import { undoTurn } from "./undo-turn.ts";
import { addUsage, usageTotals } from "./usage.ts";
import { WriteQueue, type WriteQueueOptions } from "./write-queue.ts";

/** How much writes have to survive, and how long they wait. */
export type SqliteStoreSettings = Pick<WriteQueueOptions, "durability" | "maxBusyMs">;

const beyond = Number.MAX_SAFE_INTEGER;

/** The runtime's store in one SQLite file. Writes go through one queue, reads go straight to the database. */
export class SqliteStore implements Store {
  readonly #database: Database;
  readonly #path: string;
  readonly #options: SqliteStoreSettings;
  readonly #statements: Statements;
  readonly #sweeps = newSweeps();
  readonly #lost = new AbortController();
  #queue: WriteQueue | undefined;

  constructor(database: Database, path: string, options: SqliteStoreSettings) {
    this.#database = database;
    this.#path = path;
    this.#options = options;
    this.#statements = prepareStatements(database);
  }

  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  async open(): Promise<Opened> {
    return await whileBusy(this.#path, () => {
      const fence = this.#takeFence();
      const checkFence = (): boolean => this.#readMeta("fence") === fence;
      const queue = new WriteQueue(this.#database, this.#path, { ...this.#options, checkFence });
      queue.lost.addEventListener("abort", () => this.#lost.abort(queue.lost.reason), { once: true });
      this.#queue = queue;
      const lastReplyId = this.#statements.lastReplyId.get()?.id ?? undefined;
      return { lastSeq: this.#statements.lastSeq.get()?.seq ?? 0, ...(lastReplyId === undefined ? {} : { lastReplyId }) };
    });
  }

  #takeFence(): number {
    const take = this.#database.transaction(() => {
      const fence = this.#readMeta("fence") + 1;
      this.#statements.writeMeta.run({ key: "fence", value: fence });
      return fence;
    });
    return take.immediate();
  }

  #readMeta(key: string): number {
    return this.#statements.readMeta.get({ key })?.value ?? 0;
  }

  async close(): Promise<void> {
    await this.#queue?.close();
    if (this.#database.open) this.#database.close();
  }

  #write<T>(run: (statements: Statements) => T): Promise<T> {
    if (this.#queue === undefined) return Promise.reject(storeError("closed", this.#path));
    return this.#queue.write(() => run(this.#statements));
  }

  async #read<T>(run: (statements: Statements) => T): Promise<T> {
    if (!this.#database.open) throw storeError("closed", this.#path);
    try {
      return run(this.#statements);
    } catch (error) {
      throw toStoreError(error, this.#path);
    }
  }

  acceptEvents(batch: EventBatch): Promise<readonly Accepted[]> {
    const rows = batch.intakes.map((intake) => eventRow(batch, intake));
    return this.#write((statements) => acceptEvents(statements, batch, rows));
  }

  dropQueued(request: Parameters<Store["dropQueued"]>[0]): Promise<readonly NumberedEvent[]> {
    return this.#write((statements) => dropQueued(statements, request));
  }

  listQueued(request: Parameters<Store["listQueued"]>[0]): Promise<readonly NumberedEvent[]> {
    return this.#read((statements) => listQueued(statements, request));
  }

  changeQueued(request: Parameters<Store["changeQueued"]>[0]): Promise<boolean> {
    return this.#write((statements) => changeQueued(statements, request));
  }

  listQueuedLanes({ platform, afterKey = "", limit }: Parameters<Store["listQueuedLanes"]>[0]) {
    return this.#read((statements) =>
      statements.queuedLanes
        .all({ platform, afterKey, limit })
        .map(({ sessionKey, ...lane }) => ({ sessionKey: sessionKey as SessionKey, ...lane })),
    );
  }

  claimTurn(request: ClaimRequest): Promise<ClaimedTurn | undefined> {
    return this.#write((statements) => claimTurn(statements, request));
  }

  nextCommand(sessionKey: SessionKey) {
    return this.#read((statements) => nextCommand(statements, sessionKey));
  }

  commitStep(step: TurnStep): Promise<void> {
    return this.#write((statements) => {
      switch (step.kind) {
        case "parts":
          putParts(statements, step.turnId, step.parts);
          break;
        case "tool-start":
        case "tool-end":
        case "tool-wait":
          noteTool(statements, step);
          break;
        case "checkpoint":
          noteCheckpoint(statements, step);
          break;
      }
    });
  }

  takeSteering(taking: Parameters<Store["takeSteering"]>[0]): ReturnType<Store["takeSteering"]> {
    return this.#write((statements) => takeSteering(statements, taking));
  }

  returnSteering(turnId: string): Promise<readonly NumberedEvent[]> {
    return this.#write((statements) => returnSteering(statements, turnId));
  }

  askQuestion({ turnId, question, expiresAtMs, step, parts }: Asking): Promise<Answer | undefined> {
    return this.#write((statements) => {
      statements.noteStep.run({ id: turnId, step });
      putParts(statements, turnId, parts);
      statements.insertQuestion.run({ turnId, key: question.key, question: JSON.stringify(question), expiresAtMs });
      return questionsOf(statements, turnId).find(({ key }) => key === question.key)?.answer;
    });
  }

  answerQuestion(answering: Parameters<Store["answerQuestion"]>[0]): Promise<boolean> {
    return this.#write((statements) => giveAnswer(statements, answering));
  }

  finishTurn(ending: Parameters<Store["finishTurn"]>[0]): Promise<void> {
    return this.#write((statements) => endTurn(statements, ending));
  }

  postNotice({ replyId, sessionKey, chat, origin, seq, parts, nowMs }: Notice): Promise<void> {
    return this.#write((statements) => {
      if (seq !== undefined) statements.takeEvent.run({ seq, replyId });
      statements.insertTurn.run({
        id: replyId,
        kind: "notice",
        sessionKey,
        sessionId: null,
        seq: seq ?? null,
        chat: JSON.stringify(chat),
        origin: origin === undefined ? null : JSON.stringify(origin),
        inputs: null,
        entryId: null,
        state: "finished",
        startedAtMs: nowMs,
        endedAtMs: nowMs,
      });
      putParts(statements, replyId, parts);
    });
  }

  settleParts({ replyId, parts }: { readonly replyId: string; readonly parts: readonly Part[] }): Promise<void> {
    return this.#write((statements) => putParts(statements, replyId, parts));
  }

  reopenParts({ replyId, parts }: { readonly replyId: string; readonly parts: readonly Part[] }): Promise<boolean> {
    return this.#write((statements) => {
      const turn = statements.turnState.get({ id: replyId });
      if (turn === undefined || turn.state === "running") return false;
      putParts(statements, replyId, parts);
      return true;
    });
  }

  async parkChat(parked: Parameters<Store["parkChat"]>[0]): Promise<void> {
    await this.#write((statements) => statements.parkChat.run({ ...parked }));
  }

  async unparkChat({ platform, chatId }: Parameters<Store["unparkChat"]>[0]): Promise<void> {
    await this.#write((statements) => statements.unparkChat.run({ platform, chatId }));
  }

  listParkedChats(): ReturnType<Store["listParkedChats"]> {
    return this.#read((statements) => statements.listParkedChats.all());
  }

  listEvents(query: Parameters<Store["listEvents"]>[0]): ReturnType<Store["listEvents"]> {
    return this.#read(() => listEvents(this.#database, query));
  }

  event(seq: number): ReturnType<Store["event"]> {
    return this.#read(() => eventDetails(this.#database, seq));
  }

  listReplies(query: Parameters<Store["listReplies"]>[0]): ReturnType<Store["listReplies"]> {
    return this.#read(() => listReplies(this.#database, query));
  }

  reply(replyId: string): ReturnType<Store["reply"]> {
    return this.#read(() => storedReply(this.#database, replyId));
  }

  findById(id: string): ReturnType<Store["findById"]> {
    return this.#read(() => findById(this.#database, id));
  }

  transcript({ sessionId, afterId = 0, limit }: Parameters<Store["transcript"]>[0]): Promise<readonly TranscriptEntry[]> {
    return this.#read((statements) =>
      statements.transcript.all({ sessionId, afterId, limit }).map(({ id, body }) => ({ id, body: JSON.parse(body) as Json })),
    );
  }

  listInterruptedTurns(page: Parameters<Store["listInterruptedTurns"]>[0]): Promise<readonly InterruptedTurn[]> {
    return this.#read((statements) => interruptedTurns(statements, page));
  }

  listUnsettledReplies(page: Parameters<Store["listUnsettledReplies"]>[0]): Promise<readonly UnsettledReply[]> {
    return this.#read((statements) => unsettledReplies(statements, page));
  }

  endSession({ sessionKey, nowMs }: { readonly sessionKey: SessionKey; readonly nowMs: number }): Promise<string | undefined> {
    return this.#write((statements) => statements.endSession.get({ key: sessionKey, nowMs })?.id);
  }

  currentSession(sessionKey: SessionKey): Promise<SessionRecord | undefined> {
    return this.#read((statements) => {
      const row = statements.currentSession.get({ key: sessionKey });
      return row === undefined ? undefined : toSession(row);
    });
  }

  undoTurn(request: Parameters<Store["undoTurn"]>[0]): ReturnType<Store["undoTurn"]> {
    return this.#write(() => undoTurn(this.#database, request));
  }

  addUsage(record: Parameters<Store["addUsage"]>[0]): Promise<void> {
    return this.#write(() => addUsage(this.#database, record));
  }

  usage(query: Parameters<Store["usage"]>[0]): ReturnType<Store["usage"]> {
    return this.#read(() => usageTotals(this.#database, query));
  }

  listSessions({ limit, before }: Parameters<Store["listSessions"]>[0]): Promise<readonly SessionRecord[]> {
    const page = { limit, beforeMs: before?.updatedAtMs ?? beyond, beforeId: before?.id ?? "" };
    return this.#read((statements) => statements.recentSessions.all(page).map(toSession));
  }

  findSession(sessionKey: SessionKey): Promise<SessionRecord | undefined> {
    return this.#read((statements) => {
      const row = statements.newestSession.get({ key: sessionKey });
      return row === undefined ? undefined : toSession(row);
    });
  }

  titleSession({ sessionKey, title = null }: { sessionKey: SessionKey; title: string | null | undefined }): Promise<boolean> {
    return this.#write((statements) => {
      const row = statements.newestSession.get({ key: sessionKey });
      if (row !== undefined) statements.titleSession.run({ id: row.id, title });
      return row !== undefined;
    });
  }

  deleteSessions(sessionKey: SessionKey): ReturnType<Store["deleteSessions"]> {
    return this.#write(() => deleteSome(this.#database, sessionKey));
  }

  listSaid(query: Parameters<Store["listSaid"]>[0]): ReturnType<Store["listSaid"]> {
    return this.#read(() => listSaid(this.#database, query));
  }

  history({ sessionId, limit, beforeTurnId }: Parameters<Store["history"]>[0]): Promise<readonly StoredEntry[]> {
    return this.#read((statements) => {
      const beforeId = beforeTurnId === undefined ? undefined : statements.turnEntry.get({ id: beforeTurnId })?.entryId;
      return statements.newestEntries.all({ sessionId, limit, beforeId: beforeId ?? beyond }).toReversed();
    });
  }

  async search(request: Parameters<Store["search"]>[0]): Promise<readonly SearchHit[]> {
    let more = true;
    while (more) more = await this.#write(() => indexSome(this.#database));
    return await search(this.#database, request);
  }

  readMemory(platform: string, key: string, nowMs: number): Promise<Json | undefined> {
    return this.#read((statements) => {
      const row = statements.readMemory.get({ platform, key, nowMs });
      return row === undefined ? undefined : (JSON.parse(row.value) as Json);
    });
  }

  async writeMemory({ value, ...entry }: Parameters<Store["writeMemory"]>[0]): Promise<void> {
    await this.#write((statements) => statements.writeMemory.run({ expiresAtMs: null, ...entry, value: JSON.stringify(value) }));
  }

  async deleteMemory(platform: string, key: string): Promise<void> {
    await this.#write((statements) => statements.deleteMemory.run({ platform, key }));
  }

  async grantAccess(grant: Parameters<Store["grantAccess"]>[0]): Promise<void> {
    await this.#write((statements) => statements.putGrant.run({ ...grant }));
  }

  async revokeAccess({ platform, userId }: Parameters<Store["revokeAccess"]>[0]): Promise<boolean> {
    return await this.#write((statements) => statements.removeGrant.run({ platform, userId }).changes > 0);
  }

  listGrants() {
    return this.#read((statements) => statements.listGrants.all());
  }

  maintain(request: MaintenanceRequest): Promise<boolean> {
    return this.#write(() => maintainSome(this.#database, this.#sweeps, request));
  }
}
