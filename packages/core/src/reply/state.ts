import type { MessageRef, ReplyGrant } from "../address.ts";
import type { AgentEvent } from "../agent.ts";
import type { Capabilities } from "../capabilities.ts";
import type { ToolStep } from "../live.ts";
import type { Action, OutboundFile } from "../message.ts";
import type { Failure } from "../platform-error.ts";
import type { ReasoningFilterState } from "../text/reasoning-filter.ts";
import type { Progress, ProgressDisplay } from "./progress-lines.ts";

/** A file of a part. Its bytes are kept elsewhere, under `key`. */
export interface PartFile extends Omit<OutboundFile, "open"> {
  readonly key: string;
}

/**
 * One message of a reply (one send): what it should show and what is known to be shown. Evidence, not booleans.
 *
 * - `open`: its text may still grow.
 * - `closed`: its text is final, not yet known to be shown.
 * - `sent`: the final text is shown.
 * - `unknown`: a send may have happened and cannot be asked about; the policy says to leave it.
 * - `failed`: the platform will never show it.
 */
export interface Part {
  /** Its place in `parts`. What a part that was never sent should say may move on to the next one. */
  readonly index: number;
  /** Text of the answer, a notice within it, the notice that a part could not be delivered, or what the agent does meanwhile. */
  readonly kind: "text" | "notice" | "undelivered" | "progress";
  /** Markdown. More than one text only where one send may carry several; none where the messages in `refs` should go. */
  readonly desired: readonly string[];
  /** Grows with each change of `desired`; 0 = nothing was desired yet. */
  readonly desiredRevision: number;
  /** What stood there after the last success. */
  readonly shown: readonly string[];
  /** 0 = nothing of it was ever shown. */
  readonly shownRevision: number;
  /** What stands there instead if a later call happened of which we only know that it failed; empty = no such call. */
  readonly maybeShown: readonly string[];
  /** The revision that is being shown now; null = no call in flight. */
  readonly inFlightRevision: number | null;
  /** What the call in flight, or the last one that failed, shows. */
  readonly inFlightTexts: readonly string[];
  readonly refs: readonly MessageRef[];
  readonly state: "open" | "closed" | "sent" | "unknown" | "failed";
  /** A send of it may have happened before: the text is repeated with the mark. */
  readonly marked: boolean;
  /**
   * A send of `inFlightTexts` may have happened, and the platform drops its repetition or can be asked: it is repeated exactly, and
   * then edited.
   */
  readonly pinned: boolean;
  /** Calls made for it that failed, since the last success. */
  readonly attempts: number;
  /** Why the last call failed, or `dropped` by hand; null = none failed since the last success. */
  readonly failure: Failure["kind"] | "dropped" | null;
  /** When its send was first tried, in milliseconds since the epoch; null = not yet. */
  readonly firstCalledAtMs: number | null;
  /** How many checkpoints the agent had made when this began. */
  readonly step: number;
  /** Edits that succeeded. */
  readonly edits: number;
  /** When it was first shown, in milliseconds since the epoch; null = not yet. */
  readonly firstShownAtMs: number | null;
  /** Its live message: none, asked for, or open in this mode. */
  readonly live: "none" | "opening" | LiveLimits["mode"];
  /** The live message has to be finished by then; null = no such moment. */
  readonly liveUntilMs: number | null;
  /** Sent in this one message, with `desired` as their caption; absent: a text alone. What was sent so is never written over. */
  readonly files?: readonly PartFile[];
  /** Buttons below the text. Absent: none. */
  readonly actions?: readonly (readonly Action[])[];
  /** The slice of the answer it says, without added fence lines; of files their names. Empty once it is settled. */
  readonly source: string;
  /** What `source` starts in the middle of, as `splitMarkdown` says it: a code fence, a table, a quote or a list; empty = nothing. */
  readonly fence: string;
  /** How much of `source` is where. */
  readonly covers: Coverage;
}

/** Counts characters of a part's source. `shown` and `maybeShown` may be more than it has, when text moved on to the next part. */
export interface Coverage {
  /** Said by `desired`. */
  readonly desired: number;
  /** Said by `inFlightTexts`. */
  readonly inFlight: number;
  /** Said by `shown`. */
  readonly shown: number;
  /** Said by `maybeShown`. */
  readonly maybeShown: number;
}

/** How a reply is shown: a native live message, one message that is edited, or only its end. */
export type ReplyMode = "live-replace" | "live-append" | "edit" | "final";

/** All that is known of one reply, as JSON. */
export interface ReplyState {
  readonly parts: readonly Part[];
  /** Until a live message was opened, `live-replace` stands for either of its modes. */
  readonly mode: ReplyMode;
  readonly phase: "streaming" | "ended";
  /** Rate limits in a row. */
  readonly strikes: number;
  /** Between two edits, in milliseconds. */
  readonly intervalMs: number;
  /** No call before this moment. */
  readonly nextAtMs: number;
  /** No edit before this moment. */
  readonly nextEditAtMs: number;
  /** When the first text of the open part arrived; null = none yet. */
  readonly firstTextAtMs: number | null;
  /** Effective length limit, in the unit of `measure`; null = none. */
  readonly maxLength: number | null;
  readonly filter: ReasoningFilterState;
  /** The first part that is not settled: the only one that calls are made for. */
  readonly current: number;
  /** Text that belongs to the open part and was not laid out yet. */
  readonly pending: string;
  /** How many checkpoints the agent has made. */
  readonly step: number;
  /** The tools of the agent since it last spoke, oldest first. */
  readonly tools: readonly ToolStep[];
  /** Files that an earlier run has sent or is still sending, by their keys: said again, they are not sent again. Absent: none. */
  readonly filesBefore?: readonly string[];
  /** What the message shows that grows with the agent's work. Absent: there is none. */
  readonly progress?: Progress;
  /** What was shown of the agent's work goes once all else is shown. Absent: it stays. */
  readonly sweeps?: true;
}

/** What a reply is told. */
export type ReplyInput =
  | { readonly type: "agent"; readonly event: AgentEvent }
  | { readonly type: "clock" }
  | { readonly type: "opened"; readonly live: LiveLimits | null }
  | { readonly type: "settled"; readonly part: number; readonly revision: number; readonly result: ShowResult }
  /** Something is put to somebody, with buttons where the platform has them. A `pause` follows. */
  | { readonly type: "question"; readonly text: string; readonly actions: readonly (readonly Action[])[] }
  /** Nothing more is said until somebody answers: what is held back is shown. Counts as a checkpoint. */
  | { readonly type: "pause" }
  /** Somebody gave it up by hand: nothing more is shown. */
  | { readonly type: "drop" }
  | { readonly type: "end"; readonly how: ReplyEnding };

export type ReplyEnding = "finished" | "interrupted" | "failed";

export interface LiveLimits {
  readonly mode: "replace" | "append";
  readonly maxLength: number | null;
  readonly minIntervalMs: number;
  /** A live message that is older can no longer be finished. */
  readonly expiresAfterMs?: number;
}

/** What came of showing one revision of a part. */
export type ShowResult =
  | { readonly kind: "shown"; readonly refs: readonly MessageRef[] }
  /** No call was made, since none is allowed before this moment. */
  | { readonly kind: "deferred"; readonly untilMs: number }
  | { readonly kind: "failed"; readonly failure: Failure; readonly maybeDone: boolean };

/** One revision of one part that is to be shown. */
export interface ShowRequest {
  readonly part: number;
  /**
   * Names the send: the same for each try of it. Another than before where the platform may have forgotten the earlier one, or may not:
   * a repetition that it dropped would leave what has been added since unsaid.
   */
  readonly key: string;
  readonly revision: number;
  /** What to show, the repeat mark included. Empty: the messages in `refs` are to be removed. */
  readonly texts: readonly string[];
  /** Empty: it has to be sent, or shown in the part's live message if one was opened. Otherwise these messages are edited. */
  readonly refs: readonly MessageRef[];
  /** The part will not change after this. */
  readonly final: boolean;
  /** This very send may have happened before: where the platform can be asked, ask first. */
  readonly inDoubt: boolean;
  /** When this send was first tried, in milliseconds since the epoch. */
  readonly firstCalledAtMs: number;
  /** Sent with the texts. */
  readonly files: readonly PartFile[];
  readonly actions: readonly (readonly Action[])[];
  /** The agent's tools, for surfaces that show them natively. */
  readonly tools: readonly ToolStep[];
}

/** What a reply wants done. */
export type ReplyEffect =
  /** Ask the platform for a live message; answer with `opened`. */
  | { readonly type: "open"; readonly part: number }
  /** Show a revision; answer with `settled`. */
  | ({ readonly type: "show" } & ShowRequest)
  /** Call again with `clock` at this moment; replaces an earlier wish. */
  | { readonly type: "wake"; readonly atMs: number };

export interface ReplyStep {
  readonly state: ReplyState;
  readonly effects: readonly ReplyEffect[];
}

/**
 * What becomes of a send that may have happened, where nobody can tell.
 *
 * - `repeat-marked`: it is repeated, with a mark that says so.
 * - `leave`: it counts as said.
 * - `ask`: it is left, and a notice asks the reader to say so if it did not arrive.
 */
export type UnknownSends = "repeat-marked" | "leave" | "ask";

/** What the reducer needs to know besides the state; never stored. */
export interface ReplyContext {
  readonly capabilities: Capabilities;
  readonly measure: (markdown: string) => number;
  /** An answer that is complete within this time is one send. */
  readonly firstShowMs: number;
  /** What to do with a send that may have happened where the platform can neither deduplicate nor be asked. */
  readonly unknown: UnknownSends;
  /** The right to answer, where the platform rations it: text is held back and packed to spare its uses. */
  readonly grant?: Pick<ReplyGrant, "uses" | "partsPerUse">;
  /** What is shown of the agent's work. Absent: nothing, but for what a platform shows natively. */
  readonly progress?: ProgressDisplay;
  /** What the gateway itself says, in the chat's language. */
  readonly phrases: ReplyPhrases;
}

export interface ReplyPhrases {
  /** Put before a text that may stand there twice. */
  readonly repeatMark: string;
  /** Follows a part that could not be delivered. */
  readonly undelivered: string;
  /** Follows a part that may not have arrived, where the reader is asked. */
  readonly uncertain: string;
  /** Stands in for a file that this platform does not take. */
  readonly fileRefused: (name: string) => string;
}
