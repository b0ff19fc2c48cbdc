import type { Answer, Chat, Json, Origin, Part, PlatformEvent, Question, SessionKey, ToolEffect } from "@hermes/core";
import type { NumberedEvent } from "./inbox.ts";
import type { StepRecord } from "./conversations.ts";

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
  /** It waits for a person: nothing of it has happened. */
  | { readonly kind: "tool-wait"; readonly turnId: string; readonly callId: string }
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
