import type {
  Answer,
  Chat,
  Cursor,
  HistoryEntry,
  Json,
  Origin,
  Part,
  PlatformEvent,
  Question,
  SessionKey,
  ToolEffect,
} from "@hermes/core";

/** How far earlier processes came. */
export interface Opened {
  /** The newest event; 0 = none. */
  readonly lastSeq: number;
  /** The newest reply, by its id. */
  readonly lastReplyId?: string;
}

/** What admission decided about an event. */
export type Verdict = "run" | "observe" | "pair" | "refuse";

/** One event with what admission decided about it. Only `run` and `pair` carry the event itself into the store. */
export interface EventIntake {
  readonly event: PlatformEvent;
  readonly verdict: Verdict;
  readonly rule: string;
  readonly work: IntakeWork;
}

/**
 * Where an event waits: as the start of a turn, as a command, or nowhere. An answer to a question that is settled by now becomes a turn;
 * what is said of an earlier message changes that as long as it waits.
 */
export type IntakeWork =
  | {
      readonly kind: "turn";
      readonly sessionKey: SessionKey;
      /** It belongs to the turn of what waits before it in its lane, if that is of the same person. */
      readonly joins?: true;
    }
  | { readonly kind: "command"; readonly sessionKey: SessionKey }
  | {
      readonly kind: "change";
      /** The chat's key without anybody's own part: of all lanes whose keys are or begin with it. */
      readonly chatKey: SessionKey;
      readonly messageIds: readonly string[];
      /** What they say now, if their author says so; undefined: they are gone. */
      readonly text?: string;
    }
  | {
      readonly kind: "answer";
      readonly sessionKey: SessionKey;
      readonly turnId: string;
      readonly key: string;
      readonly answer: Answer;
    }
  | { readonly kind: "none" };

/** Events of one platform that are stored together, with its cursor. */
export interface EventBatch {
  readonly platform: string;
  readonly intakes: readonly EventIntake[];
  readonly cursor?: Cursor;
  readonly nowMs: number;
}

/** What became of one event of a batch, and as what it waits. */
export type Accepted =
  | {
      readonly status: "stored";
      readonly seq: number;
      readonly work: IntakeWork["kind"];
      /** The messages that waited and were changed, as they were. */
      readonly changed?: readonly WaitingMessage[];
    }
  | { readonly status: "duplicate" };

/** A lane with work, and how much. */
export interface QueuedLane {
  readonly sessionKey: SessionKey;
  readonly turns: number;
  readonly commands: number;
}

/** An event that waits, with why it was let in. */
export interface QueuedEvent {
  /** Grows in the order of acceptance. */
  readonly seq: number;
  readonly event: PlatformEvent;
  readonly verdict: Verdict;
  readonly rule: string;
}

/** An event with its place in the order of acceptance. */
export type NumberedEvent = Pick<QueuedEvent, "seq" | "event">;

/** A message that waits, with its lane. */
export interface WaitingMessage extends NumberedEvent {
  readonly sessionKey: SessionKey;
}

/** Asks for the next turn of a lane. */
export interface ClaimRequest {
  readonly sessionKey: SessionKey;
  readonly turnId: string;
  /** Used if the key has no session. */
  readonly newSessionId: string;
  readonly nowMs: number;
}

/** A turn's frozen context. */
export interface ClaimedTurn {
  readonly turnId: string;
  readonly sessionId: string;
  readonly sessionKey: SessionKey;
  readonly seq: number;
  readonly event: PlatformEvent;
  /** What the same person said right behind it, and belongs to the same turn. */
  readonly joined: readonly NumberedEvent[];
  /** The session's last turn was cut off with this left open. */
  readonly before?: CutOff;
}

/** What a turn that was cut off for good left open. */
export interface CutOff {
  readonly turnId: string;
  readonly shown: string;
  readonly state?: Json;
  readonly open: readonly JournalledTool[];
}

/** A tool that an agent has begun since its last checkpoint. */
export interface JournalledTool {
  readonly callId: string;
  readonly title: string;
  readonly effect: ToolEffect;
  readonly state: "open" | "over";
}

/** How far a running turn has come. */
export type TurnStep =
  /** Something of the reply is about to be shown or was: evidence for whoever takes the turn up again. */
  | { readonly kind: "parts"; readonly turnId: string; readonly parts: readonly Part[] }
  /** A tool starts. */
  | { readonly kind: "tool-start"; readonly turnId: string; readonly tool: Omit<JournalledTool, "state"> }
  | { readonly kind: "tool-end"; readonly turnId: string; readonly callId: string }
  /** Everything before it is done: the turn can be taken up from here. Tools that are over are no longer journalled. */
  | {
      readonly kind: "checkpoint";
      readonly turnId: string;
      readonly step: number;
      readonly transcript: readonly Json[];
      readonly state?: Json;
      /** What the agent has said up to here, for the history. */
      readonly text: string;
      readonly parts: readonly Part[];
    };

/** Messages that were sent while a turn runs and that its agent takes. */
export interface Steering {
  readonly turnId: string;
  readonly sessionKey: SessionKey;
  readonly seqs: readonly number[];
  readonly nowMs: number;
}

/** A question of a running turn, with the parts that put it to somebody. It counts as a checkpoint of what is shown. */
export interface Asking {
  readonly turnId: string;
  readonly question: Question;
  readonly expiresAtMs: number;
  readonly step: number;
  readonly parts: readonly Part[];
}

/** A question as it is kept. */
export interface StoredQuestion {
  readonly key: string;
  readonly question: Question;
  readonly expiresAtMs: number;
  readonly answer?: Answer;
}

/** An agent's own entry. */
export interface TranscriptEntry {
  readonly id: number;
  readonly body: Json;
}

/** A chat that said it cannot be reached. */
export interface ParkedChat {
  readonly platform: string;
  readonly chatId: string;
  /** A sentence. */
  readonly reason: string;
  readonly sinceMs: number;
  readonly retryAtMs: number;
}

/** A turn's answer or a notice, as it is kept. */
export interface StoredReply {
  readonly replyId: string;
  readonly kind: "turn" | "notice";
  readonly state: "running" | TurnEnding["outcome"];
  readonly sessionKey: SessionKey;
  readonly chat: Chat;
  readonly origin?: Origin;
  /** The event it answers. */
  readonly seq?: number;
  /** What else its turn was given: at its beginning, and while it ran. */
  readonly beside?: readonly number[];
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  readonly parts: readonly Part[];
}

/** How a turn ended, and all it has to say. */
export interface TurnEnding {
  readonly turnId: string;
  readonly outcome: "finished" | "interrupted" | "failed";
  /** `set`: it is cut off for good, and the session's next turn is told what it left open. `clear`: this was that next turn. */
  readonly cutOff?: "set" | "clear";
  /** What the agent said, for the history; empty = nothing to remember. */
  readonly text: string;
  readonly parts: readonly Part[];
  /** The tools it took. */
  readonly steps?: readonly StepRecord[];
  /** What a stateless caller brought along is not kept: it may be large, and nobody asks for it again. */
  readonly forgetRequest?: boolean;
  readonly nowMs: number;
}

/** Something the gateway itself says. */
export interface Notice {
  readonly replyId: string;
  readonly sessionKey: SessionKey;
  readonly chat: Chat;
  readonly origin?: Origin;
  /** The event this answers, if any: it no longer waits. */
  readonly seq?: number;
  readonly parts: readonly Part[];
  readonly nowMs: number;
}

/** A turn whose process ended, with the evidence it left. */
export interface InterruptedTurn extends ClaimedTurn {
  readonly parts: readonly Part[];
  /** Tools begun since the last checkpoint, and those from before it that are still open. */
  readonly tools: readonly JournalledTool[];
  /** Checkpoints made. */
  readonly step: number;
  /** What the agent left at the last checkpoint. */
  readonly state?: Json;
  /** What it had said by then. */
  readonly text: string;
  readonly questions: readonly StoredQuestion[];
}

/** A reply whose turn is over and which is not yet shown whole. */
export interface UnsettledReply {
  readonly replyId: string;
  readonly sessionKey: SessionKey;
  readonly chat: Chat;
  readonly origin?: Origin;
  readonly parts: readonly Part[];
  /** Since when it is complete. */
  readonly sinceMs: number;
}

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
