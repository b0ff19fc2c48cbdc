import type { MessageRef } from "../address.ts";
import type { AgentEvent } from "../agent.ts";
import type { Capabilities } from "../capabilities.ts";
import type { Json } from "../json.ts";
import type { Failure } from "../platform-error.ts";

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
  readonly index: number;
  /** Markdown. More than one text only where one send may carry several. */
  readonly desired: readonly string[];
  /** Grows with each change of `desired`; starts at 1. */
  readonly desiredRevision: number;
  /** What stood there after the last success. */
  readonly shown: readonly string[];
  /** 0 = nothing of it was ever shown. */
  readonly shownRevision: number;
  /** The revision that is being shown now; null = no call in flight. */
  readonly inFlightRevision: number | null;
  readonly refs: readonly MessageRef[];
  readonly state: "open" | "closed" | "sent" | "unknown" | "failed";
  /** A send of it may have happened before: the text is repeated with the mark. */
  readonly marked: boolean;
  /** Calls made for it that failed, since the last success. */
  readonly attempts: number;
}

/** How a reply is shown: a native live message, one message that is edited, or only its end. */
export type ReplyMode = "live-replace" | "live-append" | "edit" | "final";

/** All that is known of one reply, as JSON. */
export interface ReplyState {
  readonly parts: readonly Part[];
  readonly mode: ReplyMode;
  /** `opening`: a live message was asked for and has not answered yet. */
  readonly phase: "opening" | "streaming" | "ended";
  /** Rate limits in a row. */
  readonly strikes: number;
  readonly intervalMs: number;
  /** No call before this moment. */
  readonly nextAtMs: number;
  /** When the first text of the reply arrived; null = none yet. */
  readonly firstTextAtMs: number | null;
  /** Effective length limit, in the unit of `measure`; null = none. */
  readonly maxLength: number | null;
  /** The reasoning filter's own state. */
  readonly filter: Json;
}

/** What a reply is told. */
export type ReplyInput =
  | { readonly type: "agent"; readonly event: AgentEvent }
  | { readonly type: "clock" }
  | { readonly type: "opened"; readonly live: LiveLimits | null }
  | { readonly type: "settled"; readonly part: number; readonly revision: number; readonly result: ShowResult }
  | { readonly type: "end"; readonly how: "finished" | "interrupted" | "failed" };

export interface LiveLimits {
  readonly mode: "replace" | "append";
  readonly maxLength: number | null;
  readonly minIntervalMs: number;
}

/** What came of showing one revision of a part. */
export type ShowResult =
  | { readonly kind: "shown"; readonly refs: readonly MessageRef[] }
  | { readonly kind: "failed"; readonly failure: Failure; readonly maybeDone: boolean };

/** One revision of one part that is to be shown. */
export interface ShowRequest {
  readonly part: number;
  readonly revision: number;
  /** What to show, the repeat mark included. */
  readonly texts: readonly string[];
  /** Empty: it has to be sent. Otherwise these messages are edited. */
  readonly refs: readonly MessageRef[];
  /** The part will not change after this. */
  readonly final: boolean;
}

/** What a reply wants done. */
export type ReplyEffect =
  /** Ask the platform for a live message; answer with `opened`. */
  | { readonly type: "open" }
  /** Show a revision; answer with `settled`. */
  | ({ readonly type: "show" } & ShowRequest)
  /** Call again with `clock` at this moment; replaces an earlier wish. */
  | { readonly type: "wake"; readonly atMs: number };

/** What the reducer needs to know besides the state; never stored. */
export interface ReplyContext {
  readonly capabilities: Capabilities;
  measure(markdown: string): number;
  /** An answer that is complete within this time is one send. */
  readonly firstShowMs: number;
  /** What to do with a send that may have happened where the platform can neither deduplicate nor be asked. */
  readonly unknown: "repeat-marked" | "leave";
  /** What the gateway itself says, in the chat's language. */
  readonly phrases: ReplyPhrases;
}

export interface ReplyPhrases {
  /** Put before a text that may stand there twice. */
  readonly repeatMark: string;
  /** Follows a part that could not be delivered. */
  readonly undelivered: string;
  /** Stands in for a file that this platform does not take. */
  fileRefused(name: string): string;
}
