import type { Author, Chat } from "./address.ts";
import type { Attachment } from "./event.ts";
import type { Json } from "./json.ts";
import type { OutboundFile } from "./message.ts";

/** What a tool call does to the world. `none`: reading; `repeatable`: safe to run again; `once`: never again without a person. */
export type ToolEffect = "none" | "repeatable" | "once";

/** What an agent tells while it works. */
export type AgentEvent =
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "reasoning-delta"; readonly text: string }
  | { readonly type: "segment-end" }
  | {
      readonly type: "tool-start";
      readonly callId: string;
      readonly title: string;
      readonly input?: Json;
      readonly effect: ToolEffect;
    }
  | {
      readonly type: "tool-end";
      readonly callId: string;
      readonly outcome: "done" | "failed" | "denied" | "skipped";
      readonly summary?: string;
    }
  /** A file for the reader; `caption` is Markdown. Where the platform does not take it, the reader is told so. */
  | { readonly type: "file"; readonly file: OutboundFile; readonly caption?: string }
  /** Files that belong together: shown as one where the platform can, in order. `caption` is Markdown. */
  | { readonly type: "album"; readonly files: readonly OutboundFile[]; readonly caption?: string }
  | { readonly type: "usage"; readonly usage: Json }
  | { readonly type: "notice"; readonly text: string }
  | { readonly type: "checkpoint"; readonly transcript: readonly Json[]; readonly state?: Json }
  /** While it is active, what people write meanwhile waits instead of interrupting: a compression, others that work for this agent. */
  | { readonly type: "uninterruptible"; readonly active: boolean };

/** A question to a person that outlives a restart: the same `key` is the same question and returns the stored answer. */
export interface Question {
  readonly key: string;
  readonly kind: "approval" | "choice" | "text";
  readonly prompt: string;
  readonly detail?: Json;
  readonly options?: readonly { readonly id: string; readonly label: string }[];
  readonly expiresAfterMs: number;
  readonly onExpiry: string;
}

export type Answer = { readonly by: string; readonly option?: string; readonly text?: string } | { readonly expired: true };

/** One thing somebody said in a turn. */
export interface Input {
  readonly text: string;
  readonly author: Author;
  readonly attachments: readonly Attachment[];
  /** ISO 8601. */
  readonly at: string;
  /** Only among steering: what became of something that the turn was given before; `text` is what it says now. */
  readonly change?: { readonly kind: "edited"; readonly before: string } | { readonly kind: "deleted"; readonly before: string };
}

/** Why a turn's signal was aborted (`turn.signal.reason`). */
export type StopReason = "stop" | "interrupt" | "shutdown" | "timeout";

export interface HistoryEntry {
  readonly role: "user" | "assistant";
  readonly text: string;
  readonly turnId: string;
}

/** One run of an agent. Everything in it is frozen at its start. */
export interface Turn {
  readonly id: string;
  readonly session: { readonly id: string; readonly key: string };
  readonly chat: Chat;
  /** What was said; never empty. Several messages that belong together are one input. */
  readonly input: readonly [Input, ...Input[]];
  readonly request?: Json;
  /** `signal.reason` is a `StopReason`. */
  readonly signal: AbortSignal;
  readonly resume?: {
    readonly after: "crash" | "restart";
    readonly state?: Json;
    readonly shown: string;
    readonly open: readonly { readonly callId: string; readonly effect: "repeatable" | "once" }[];
  };
  /** What was said before this turn in this session, oldest first, the newest that fit `maxTokens` (estimated at four characters a token). */
  history(options?: { readonly maxTokens?: number }): Promise<readonly HistoryEntry[]>;
  /** The agent's own entries, written by checkpoints. */
  transcript(): AsyncIterable<Json>;
  /** What people added while the turn runs. What nobody takes becomes the next turn. */
  takeSteering(): Promise<readonly Input[]>;
  ask(question: Question): Promise<Answer>;
  /**
   * The bytes of a file that somebody sent. Default for `maxBytes`: 20 MB. Rejects with a `PlatformError`: `too-long` for a larger
   * file, `not-found` for one that is gone.
   */
  download(attachment: Attachment, options?: { readonly maxBytes?: number }): Promise<ReadableStream<Uint8Array>>;
}

/** What an agent can do beyond answering. */
export interface AgentFeatures {
  readonly steer: boolean;
  readonly undo: boolean;
  readonly resume: "replay" | "continue";
}

export interface Agent {
  readonly features: AgentFeatures;
  run(turn: Turn): AsyncIterable<AgentEvent>;
  /** The session is over: drop what is kept for it. */
  forget?(sessionId: string): Promise<void>;
  close?(): Promise<void>;
}

/** A plain generator function: an agent with all features off. */
export type AgentFunction = (turn: Turn) => AsyncIterable<AgentEvent>;

/** The `Agent` behind either form. */
export function toAgent(agent: Agent | AgentFunction): Agent {
  return typeof agent === "function" ? { features: { steer: false, undo: false, resume: "replay" }, run: agent } : agent;
}

/** A piece of the answer: `yield text("Hello")`. */
export function text(content: string): AgentEvent {
  return { type: "text-delta", text: content };
}
