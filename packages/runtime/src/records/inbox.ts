import type { Answer, Cursor, PlatformEvent, SessionKey } from "@hermes/core";

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
 * Where an event waits: as the start of a turn, as a command, or nowhere. An answer to a question that is settled by now may become a turn;
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
      /** What becomes of it where the question is settled by now. */
      readonly ifLate: "turn" | "nothing";
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
