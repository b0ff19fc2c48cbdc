import type { Answer, Part, SessionKey } from "@hermes/core";
import type { Accepted, ClaimedTurn, EventIntake, Opened, Store } from "../store.ts";
import { StoreError } from "../store-error.ts";
import { Conversations } from "./conversations.ts";
import { EventBook } from "./event-book.ts";
import { saidEntry, saidNotice } from "./said.ts";
import { endTurn } from "./end-turn.ts";
import { findById } from "./find-by-id.ts";
import { numbered, QueuedMessages } from "./queued-messages.ts";
import { Replies } from "./replies.ts";
import { SmallThings } from "./small-things.ts";
import { Accounts } from "./accounts.ts";
import { createTables, type Tables } from "./tables.ts";
import { WaitingEvents } from "./waiting-events.ts";

/** How much the in-memory store keeps. */
export interface MemoryStoreOptions {
  /** How many event ids are remembered for recognising repetitions. Default 100 000. */
  readonly maxEvents?: number;
  /** How many sessions are kept, the least recently started going first. Default 10 000. */
  readonly maxSessions?: number;
  /** How many history entries a session keeps. Default 1000. */
  readonly maxEntriesPerSession?: number;
}

/** A store that is gone with the process: for bots that need no memory, and for tests. Opening it again takes it over, as with a file. */
export function createMemoryStore(options: MemoryStoreOptions = {}): Store {
  return new MemoryStore(options);
}

class MemoryStore implements Store {
  /** Nothing takes a store over that is gone with its process. */
  readonly lost = new AbortController().signal;
  readonly #tables: Tables = createTables();
  readonly #conversations: Conversations;
  readonly #events: EventBook;
  readonly #queue = new WaitingEvents();
  readonly #replies = new Replies();
  readonly #queued: QueuedMessages;
  readonly #smallThings = new SmallThings();
  readonly #accounts: Accounts;
  #isOpen = false;

  constructor({ maxEvents = 100_000, maxSessions = 10_000, maxEntriesPerSession = 1000 }: MemoryStoreOptions) {
    this.#events = new EventBook(maxEvents);
    this.#conversations = new Conversations(this.#tables, maxSessions, maxEntriesPerSession);
    this.#accounts = new Accounts(this.#conversations, this.#replies);
    this.#queued = new QueuedMessages(this.#queue, this.#events, this.#replies, this.#conversations);
  }

  async open(): Promise<Opened> {
    this.#isOpen = true;
    const { lastId } = this.#replies;
    return { lastSeq: this.#queue.lastSeq, ...(lastId === undefined ? {} : { lastReplyId: lastId }) };
  }

  async close(): Promise<void> {
    this.#isOpen = false;
  }

  async acceptEvents(batch: Parameters<Store["acceptEvents"]>[0]): Promise<readonly Accepted[]> {
    this.#check();
    const accepted = batch.intakes.map((intake): Accepted => {
      if (this.#events.has(batch.platform, intake.event.eventId)) return { status: "duplicate" };
      const settled = this.#answering(intake, batch.nowMs);
      const seq = this.#queue.add(batch, settled);
      this.#events.add(batch, settled, seq);
      const changed = settled.work.kind === "change" ? this.#queued.changeMessages(settled.work, settled.event) : undefined;
      return { status: "stored", seq, work: settled.work.kind, ...(changed === undefined ? {} : { changed }) };
    });
    if (batch.cursor !== undefined) this.#smallThings.write({ platform: batch.platform, ...batch.cursor });
    return accepted;
  }

  /** An answer to a question that is settled by now is a message like others. */
  #answering(intake: EventIntake, atMs: number): EventIntake {
    const { work, event } = intake;
    if (work.kind !== "answer") return intake;
    const { turnId } = work;
    if (!this.#replies.answer(turnId, work.key, work.answer))
      return { ...intake, work: work.ifLate === "turn" ? { kind: "turn", sessionKey: work.sessionKey } : { kind: "none" } };
    const { sessionId } = this.#replies.get(turnId);
    if (sessionId !== undefined) this.#queued.remember(sessionId, turnId, event, atMs);
    return intake;
  }

  async dropQueued(request: Parameters<Store["dropQueued"]>[0]): ReturnType<Store["dropQueued"]> {
    this.#check();
    return this.#queued.drop(request);
  }

  async listQueued({ sessionKey, limit }: Parameters<Store["listQueued"]>[0]): ReturnType<Store["listQueued"]> {
    this.#check();
    return this.#queue.turns(sessionKey).slice(0, limit).map(numbered);
  }

  async changeQueued({ sessionKey, seq, text }: Parameters<Store["changeQueued"]>[0]): Promise<boolean> {
    this.#check();
    return this.#queued.change(sessionKey, seq, text);
  }

  async takeSteering(taking: Parameters<Store["takeSteering"]>[0]): ReturnType<Store["takeSteering"]> {
    this.#check();
    return this.#queued.give(taking);
  }

  async returnSteering(turnId: string): ReturnType<Store["returnSteering"]> {
    this.#check();
    return this.#queued.takeBack(turnId);
  }

  async listQueuedLanes({ platform, afterKey = "", limit }: Parameters<Store["listQueuedLanes"]>[0]) {
    this.#check();
    return this.#queue.list(platform, afterKey, limit);
  }

  async claimTurn(request: Parameters<Store["claimTurn"]>[0]): Promise<ClaimedTurn | undefined> {
    this.#check();
    const [source, ...joined] = this.#queue.takeTogether(request.sessionKey);
    if (source === undefined) return undefined;
    const { turnId, sessionKey, nowMs } = request;
    const { event, seq } = source;
    const sessionId = this.#conversations.use(request, event);
    for (const each of [source, ...joined]) this.#events.enter(each.seq, "taken", turnId);
    // It is answered where the newest of them came from: its right to answer lasts longest.
    const { chat, origin } = joined.at(-1)?.event ?? event;
    const turn = this.#replies.add({ id: turnId, sessionKey, sessionId, chat, origin, source, joined, state: "running", nowMs });
    const cutOffId = this.#tables.cutOff.get(sessionId);
    const before = cutOffId === undefined ? undefined : this.#replies.cutOff(cutOffId);
    if (before !== undefined) turn.before = before;
    for (const each of [source, ...joined]) this.#queued.remember(sessionId, turnId, each.event, nowMs);
    return {
      turnId,
      sessionId,
      sessionKey,
      seq,
      event,
      joined: joined.map(numbered),
      ...(before === undefined ? {} : { before }),
    };
  }

  async nextCommand(sessionKey: SessionKey) {
    this.#check();
    const row = this.#queue.nextCommand(sessionKey);
    return row === undefined ? undefined : { seq: row.seq, event: row.event, verdict: row.verdict, rule: row.rule };
  }

  async commitStep(step: Parameters<Store["commitStep"]>[0]): Promise<void> {
    this.#check();
    const { sessionId } = this.#replies.step(step);
    if (step.kind === "checkpoint" && sessionId !== undefined)
      this.#conversations.transcribe(sessionId, step.turnId, step.transcript);
  }

  async askQuestion(asking: Parameters<Store["askQuestion"]>[0]): Promise<Answer | undefined> {
    this.#check();
    return this.#replies.ask(asking);
  }

  async answerQuestion({ turnId, key, answer }: Parameters<Store["answerQuestion"]>[0]): Promise<boolean> {
    this.#check();
    return this.#replies.answer(turnId, key, answer);
  }

  async finishTurn(ending: Parameters<Store["finishTurn"]>[0]): Promise<void> {
    this.#check();
    endTurn(ending, { tables: this.#tables, replies: this.#replies, events: this.#events, conversations: this.#conversations });
  }

  async postNotice({ replyId, sessionKey, chat, origin, seq, parts, nowMs }: Parameters<Store["postNotice"]>[0]): Promise<void> {
    this.#check();
    if (seq !== undefined) {
      this.#queue.settleCommand(sessionKey, seq);
      this.#events.enter(seq, "taken", replyId);
    }
    const beginning = { id: replyId, sessionKey, chat, origin, state: "finished", nowMs } as const;
    this.#replies.put(this.#replies.add({ ...beginning, ...(seq === undefined ? {} : { seq }) }), parts);
  }

  async settleParts({ replyId, parts }: Parameters<Store["settleParts"]>[0]): Promise<void> {
    this.#check();
    this.#replies.put(this.#replies.get(replyId), parts);
  }

  async reopenParts({ replyId, parts }: { readonly replyId: string; readonly parts: readonly Part[] }): Promise<boolean> {
    this.#check();
    return this.#replies.reopen(replyId, parts);
  }

  async listInterruptedTurns({ afterId, limit }: Parameters<Store["listInterruptedTurns"]>[0]) {
    this.#check();
    return this.#replies.interrupted(afterId, limit);
  }

  async listUnsettledReplies({ afterId, limit }: Parameters<Store["listUnsettledReplies"]>[0]) {
    this.#check();
    return this.#replies.unsettled(afterId, limit);
  }

  async parkChat(parked: Parameters<Store["parkChat"]>[0]): Promise<void> {
    this.#check();
    this.#smallThings.park(parked);
  }

  async unparkChat({ platform, chatId }: Parameters<Store["unparkChat"]>[0]): Promise<void> {
    this.#check();
    this.#smallThings.unpark(platform, chatId);
  }

  async listParkedChats(): ReturnType<Store["listParkedChats"]> {
    this.#check();
    return this.#smallThings.parked();
  }

  async listEvents(query: Parameters<Store["listEvents"]>[0]) {
    this.#check();
    return this.#events.list(query);
  }

  async event(seq: number) {
    this.#check();
    return this.#events.event(seq);
  }

  async listReplies(query: Parameters<Store["listReplies"]>[0]) {
    this.#check();
    return this.#replies.list(query);
  }

  async reply(replyId: string) {
    this.#check();
    return this.#replies.reply(replyId);
  }

  async findById(id: string) {
    this.#check();
    return findById(id, this.#events, this.#replies);
  }

  async endSession({ sessionKey, nowMs }: Parameters<Store["endSession"]>[0]): Promise<string | undefined> {
    this.#check();
    return this.#conversations.end(sessionKey, nowMs);
  }

  async currentSession(sessionKey: SessionKey): ReturnType<Store["currentSession"]> {
    this.#check();
    return this.#conversations.current(sessionKey);
  }

  async undoTurn(request: Parameters<Store["undoTurn"]>[0]): ReturnType<Store["undoTurn"]> {
    this.#check();
    return this.#accounts.undo(request);
  }

  async addUsage(record: Parameters<Store["addUsage"]>[0]): Promise<void> {
    this.#check();
    this.#accounts.add(record);
  }

  async usage(query: Parameters<Store["usage"]>[0]): ReturnType<Store["usage"]> {
    this.#check();
    return this.#accounts.totals(query);
  }

  async listSessions(page: Parameters<Store["listSessions"]>[0]): ReturnType<Store["listSessions"]> {
    this.#check();
    return this.#conversations.list(page);
  }

  async findSession(sessionKey: SessionKey): ReturnType<Store["findSession"]> {
    this.#check();
    return this.#conversations.findOpened(sessionKey);
  }

  async titleSession({ sessionKey, title }: Parameters<Store["titleSession"]>[0]): Promise<boolean> {
    this.#check();
    return this.#conversations.title(sessionKey, title);
  }

  async deleteSessions(sessionKey: SessionKey): ReturnType<Store["deleteSessions"]> {
    this.#check();
    if (this.#replies.isBusy(sessionKey) || this.#queue.waiting(sessionKey).length > 0) return "busy";
    this.#replies.forget(sessionKey);
    this.#events.forgetBodies(sessionKey);
    return this.#conversations.delete(sessionKey) ? "more" : "absent";
  }

  async listSaid(query: Parameters<Store["listSaid"]>[0]): ReturnType<Store["listSaid"]> {
    this.#check();
    const { sessionKey, limit, before } = query;
    return {
      entries: this.#conversations.said(query).map((entry) => saidEntry(entry, this.#replies.find(entry.turnId))),
      notices: this.#replies
        .notices(sessionKey, before?.replyId, limit)
        .map((turn) => saidNotice(turn, this.#events.bodyOf(turn.seq))),
      waiting: before === undefined ? this.#queue.waiting(sessionKey).slice(0, limit) : [],
    };
  }

  async transcript(page: Parameters<Store["transcript"]>[0]) {
    this.#check();
    return this.#conversations.transcript(page);
  }

  async history(request: Parameters<Store["history"]>[0]): ReturnType<Store["history"]> {
    this.#check();
    return this.#conversations.history(request);
  }

  async search(request: Parameters<Store["search"]>[0]): ReturnType<Store["search"]> {
    this.#check();
    return this.#conversations.search(request);
  }

  async readMemory(platform: string, key: string, nowMs: number) {
    this.#check();
    return this.#smallThings.read(platform, key, nowMs);
  }

  async writeMemory(entry: Parameters<Store["writeMemory"]>[0]): Promise<void> {
    this.#check();
    this.#smallThings.write(entry);
  }

  async deleteMemory(platform: string, key: string): Promise<void> {
    this.#check();
    this.#smallThings.delete(platform, key);
  }

  async grantAccess(grant: Parameters<Store["grantAccess"]>[0]): Promise<void> {
    this.#check();
    this.#smallThings.grant(grant);
  }

  async revokeAccess({ platform, userId }: Parameters<Store["revokeAccess"]>[0]): Promise<boolean> {
    this.#check();
    return this.#smallThings.revoke(platform, userId);
  }

  async listGrants() {
    this.#check();
    return this.#smallThings.grants();
  }

  async maintain({ nowMs }: { readonly nowMs: number }): Promise<boolean> {
    this.#check();
    this.#smallThings.sweep(nowMs);
    return false;
  }

  #check(): void {
    if (!this.#isOpen) throw new StoreError("closed", "The store is not open: call open() first, and nothing after close()");
  }
}
