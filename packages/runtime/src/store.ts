import type { Answer, Json, Part, SessionKey } from "@hermes/core";
import type { DeliveryQuery, EventDetails, EventQuery, LedgerEvent, Page } from "./ledger/ledger.ts";
import type {
  AccessGrant,
  MemoryEntry,
  Said,
  SaidQuery,
  SearchHit,
  SessionRecord,
  StoredEntry,
} from "./records/conversations.ts";
import type { Accepted, NumberedEvent, EventBatch, Opened, QueuedEvent, QueuedLane } from "./records/inbox.ts";
import type {
  Asking,
  ClaimRequest,
  ClaimedTurn,
  InterruptedTurn,
  Notice,
  ParkedChat,
  Steering,
  StoredReply,
  TranscriptEntry,
  TurnEnding,
  TurnStep,
  UnsettledReply,
} from "./records/turns.ts";
import type { UndoneTurn, UsageQuery, UsageRecord, UsageTotal } from "./records/usage.ts";

export type * from "./records/conversations.ts";
export type * from "./records/inbox.ts";
export type * from "./records/turns.ts";
export type * from "./records/usage.ts";

/**
 * Where the gateway keeps what must outlive it. Each method is one whole transaction named for its intent; when it resolves, it is
 * durable. Writes take effect in the order of their calls, also where these are not waited for. A write of a holder whose fence is
 * no longer the newest rejects with a `StoreError` of code `fenced` and changes nothing.
 */
export interface Store {
  /** Takes the store over: earlier holders' writes are refused from now on. Call it once, first. */
  open(): Promise<Opened>;
  close(): Promise<void>;
  /**
   * Aborted when nothing can be written any more and only another process, or a person, can help: somebody else took the store over, or
   * the disk did not keep what it was given. The reason is a `StoreError`.
   */
  readonly lost: AbortSignal;

  // ── inbox ──
  /** All events and the cursor, or nothing. Answers per intake; an event that is there already changes nothing. */
  acceptEvents(batch: EventBatch): Promise<readonly Accepted[]>;
  /** Takes the messages that wait before `beforeSeq` in a lane out of it, or only somebody's own, and answers them. */
  dropQueued(request: {
    readonly sessionKey: SessionKey;
    readonly beforeSeq: number;
    readonly authorId?: string;
  }): Promise<readonly NumberedEvent[]>;
  /** The messages that wait for their turn in a lane, oldest first. */
  listQueued(request: { readonly sessionKey: SessionKey; readonly limit: number }): Promise<readonly NumberedEvent[]>;
  /** Gives a message that waits another text, or with undefined takes it out of its lane; false if it does not wait there any more. */
  changeQueued(request: {
    readonly sessionKey: SessionKey;
    readonly seq: number;
    readonly text: string | undefined;
  }): Promise<boolean>;
  /** Lanes of a platform with work left behind, ordered by key; page on with the last key. */
  listQueuedLanes(page: {
    readonly platform: string;
    readonly afterKey?: string;
    readonly limit: number;
  }): Promise<readonly QueuedLane[]>;

  // ── turns ──
  /**
   * Starts a turn on the oldest waiting message of a lane and those that join it: events, session, turn and the history's user entries
   * move together.
   */
  claimTurn(request: ClaimRequest): Promise<ClaimedTurn | undefined>;
  /** The oldest waiting command of a lane. It stays waiting until a notice settles it. */
  nextCommand(sessionKey: SessionKey): Promise<QueuedEvent | undefined>;
  /** Notes in a running turn how far it has come: what must not happen twice, and where it can be taken up again. */
  commitStep(step: TurnStep): Promise<void>;
  /** Gives messages that wait in its lane to a running turn; answers those that still waited, in the order of `seqs`. */
  takeSteering(taking: Steering): Promise<readonly NumberedEvent[]>;
  /** What a turn that is taken up again was given since its last checkpoint waits again; answers it, oldest first. */
  returnSteering(turnId: string): Promise<readonly NumberedEvent[]>;
  /** Asks a question once: the same key again changes nothing. Answers what was answered to it already. */
  askQuestion(asking: Asking): Promise<Answer | undefined>;
  /** Settles a question; false if it was settled before or its turn is over. */
  answerQuestion(answering: { readonly turnId: string; readonly key: string; readonly answer: Answer }): Promise<boolean>;
  /** Ends a turn: outcome, the history's assistant entry and all parts of the answer. */
  finishTurn(ending: TurnEnding): Promise<void>;
  /** A command is done, or the gateway has something to say by itself: the notice's parts, and the event it settles. */
  postNotice(notice: Notice): Promise<void>;
  /** What is known now of a reply's parts. */
  settleParts(settlement: { readonly replyId: string; readonly parts: readonly Part[] }): Promise<void>;
  /** Turns that were running when the process ended, oldest first. */
  listInterruptedTurns(page: { readonly afterId?: string; readonly limit: number }): Promise<readonly InterruptedTurn[]>;
  /** A reply that has ended is to be shown again, at least in part; false if it still runs. */
  reopenParts(reopening: { readonly replyId: string; readonly parts: readonly Part[] }): Promise<boolean>;
  /** Replies that have ended and are not yet shown whole, oldest first. */
  listUnsettledReplies(page: { readonly afterId?: string; readonly limit: number }): Promise<readonly UnsettledReply[]>;

  // ── chats that cannot be reached ──
  parkChat(parked: ParkedChat): Promise<void>;
  unparkChat(chat: Pick<ParkedChat, "platform" | "chatId">): Promise<void>;
  listParkedChats(): Promise<readonly ParkedChat[]>;

  // ── ledger ──
  /** Newest first. */
  listEvents(query: EventQuery): Promise<Page<LedgerEvent>>;
  event(seq: number): Promise<EventDetails | undefined>;
  /** Newest first. */
  listReplies(query: DeliveryQuery): Promise<Page<StoredReply>>;
  reply(replyId: string): Promise<StoredReply | undefined>;
  /** What an id means: of an event, of a reply, of a message on its platform (`chat/message` names one exactly), or an event's number. */
  findById(id: string): Promise<{ readonly seq?: number; readonly replyIds: readonly string[] } | undefined>;

  // ── sessions ──
  /** Ends the key's session; the next message starts a new one. Returns the ended session's id. */
  endSession(request: { readonly sessionKey: SessionKey; readonly nowMs: number }): Promise<string | undefined>;
  currentSession(sessionKey: SessionKey): Promise<SessionRecord | undefined>;
  /**
   * Takes the newest turn of the key's session out of its history and its agent's entries, on behalf of the command `seq`: the same
   * command again changes nothing and answers the same. undefined: there is none, or one runs.
   */
  undoTurn(request: {
    readonly sessionKey: SessionKey;
    readonly seq: number;
    readonly nowMs: number;
  }): Promise<UndoneTurn | undefined>;
  /** The newest session of each key, the one with the newest message first. */
  listSessions(page: {
    readonly limit: number;
    readonly before?: { readonly updatedAtMs: number; readonly id: string };
  }): Promise<readonly SessionRecord[]>;
  /** The newest session of a key with its first words, also one that has ended. */
  findSession(sessionKey: SessionKey): Promise<SessionRecord | undefined>;
  /** Names the newest session of a key, or with undefined takes its name away; false if there is none. */
  titleSession(request: { readonly sessionKey: SessionKey; readonly title: string | undefined }): Promise<boolean>;
  /**
   * Forgets a slice of all that was said under a key, its sessions last. `busy`: something waits or runs there, and nothing was done;
   * `more`: call again; `absent`: there is nothing.
   */
  deleteSessions(sessionKey: SessionKey): Promise<"busy" | "more" | "absent">;
  /** What was said under a key, in all its sessions. */
  listSaid(query: SaidQuery): Promise<Said>;
  /** The agent's own entries of a session, oldest first; page on with the last one's id. */
  transcript(page: {
    readonly sessionId: string;
    readonly afterId?: number;
    readonly limit: number;
  }): Promise<readonly TranscriptEntry[]>;
  /** The newest entries before `beforeTurnId` (or all), oldest first. */
  history(request: {
    readonly sessionId: string;
    readonly limit: number;
    readonly beforeTurnId?: string;
  }): Promise<readonly StoredEntry[]>;
  /** Full text over histories, newest first; within one session if named. Finds parts of words, Chinese too. */
  search(request: {
    readonly text: string;
    readonly limit: number;
    readonly sessionKey?: SessionKey;
  }): Promise<readonly SearchHit[]>;

  // ── usage ──
  addUsage(record: UsageRecord): Promise<void>;
  /** By model, the one with the most tokens first. */
  usage(query: UsageQuery): Promise<readonly UsageTotal[]>;

  // ── small things ──
  readMemory(platform: string, key: string, nowMs: number): Promise<Json | undefined>;
  writeMemory(entry: MemoryEntry): Promise<void>;
  deleteMemory(platform: string, key: string): Promise<void>;
  /** Makes somebody what a claim or pairing promised. Idempotent. */
  grantAccess(grant: AccessGrant): Promise<void>;
  /** Takes back what somebody was made; false if they were nothing. */
  revokeAccess(grant: Pick<AccessGrant, "platform" | "userId">): Promise<boolean>;
  listGrants(): Promise<readonly AccessGrant[]>;
  /** A slice of the work that is kept off the way of messages, all of it or `only` one kind. true: there is more. */
  maintain(request: Retention & { readonly nowMs: number; readonly only?: UpkeepKind }): Promise<boolean>;
}

/** What a store has to do again and again: small values that have expired, the search index, and what is kept no longer. */
export type UpkeepKind = "expiry" | "search-index" | "retention";

/** How long what nobody works with any more is kept. */
export interface Retention {
  /** Events, turns and parts of answers, from when they are settled. */
  readonly keepBodiesMs: number;
  /** What was said, and conversations that have ended. Default: for ever. */
  readonly keepHistoryMs?: number;
}
