import type { Author, Chat } from "./address.ts";
import type { Attachment } from "./event.ts";
import type { Json } from "./json.ts";
import type { OutboundFile } from "./message.ts";
import type { SessionKey } from "./session-key.ts";

/** What a tool call does to the world. `none`: reading; `repeatable`: safe to run again; `once`: never again without a person. */
export type ToolEffect = "none" | "repeatable" | "once";

/** What one call of a model took. A type and not an interface: it is kept as JSON. */
export type Usage = {
  /** As the agent names it: `openai:gpt-5`. */
  readonly model?: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Of the input tokens, those that the provider had already. */
  readonly cachedInputTokens?: number;
  /** Of the output tokens, those that nobody reads. */
  readonly reasoningTokens?: number;
  /** Absent: the agent does not know the price. */
  readonly costUsd?: number;
};

/** One step of what an agent intends to do. */
export interface PlanEntry {
  readonly text: string;
  readonly state: "pending" | "running" | "done";
}

/** What an agent tells while it works. */
export type AgentEvent =
  | { readonly type: "text-delta"; readonly text: string }
  | { readonly type: "reasoning-delta"; readonly text: string }
  | { readonly type: "segment-end" }
  | {
      readonly type: "tool-start";
      readonly callId: string;
      readonly title: string;
      /** The tool's own name, the same each time it is used: `read_file`. Default: the title. */
      readonly tool?: string;
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
  /** What one call of a model took: told once for each call, and added up. */
  | { readonly type: "usage"; readonly usage: Usage }
  /** All of what it intends to do, each time anew. */
  | { readonly type: "plan"; readonly entries: readonly PlanEntry[] }
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
  /** `means`: of an approval with options of its own, what one of them comes to. */
  readonly options?: readonly { readonly id: string; readonly label: string; readonly means?: ApprovalOption }[];
  readonly expiresAfterMs: number;
  readonly onExpiry: string;
  /**
   * Of an approval: what of it may be remembered, in a word that means the same each time (`terminal:rm`). Then people may also approve it
   * for the whole conversation or for ever, and the same word is not asked about again. Absent: it is approved once.
   */
  readonly remember?: string;
  /**
   * The tool call that waits for the answer, where one has been started: nothing of it has happened yet. So it counts as begun only once
   * it is answered, and a question that waits over a restart brings the turn on.
   */
  readonly callId?: string;
}

/** What came of a question. `refused`: it was put to nobody, and why. */
export type Answer =
  | { readonly by: string; readonly option?: string; readonly text?: string }
  | { readonly expired: true }
  | { readonly refused: string };

/** The options of an approval that names none of its own. */
export type ApprovalOption = "approve" | "session" | "always" | "deny";

/** Whether the answer to an approval without options of its own is a yes. Whatever is not known is none. */
export function isApproved(answer: Answer): boolean {
  return "by" in answer && (answer.option === "approve" || answer.option === "session" || answer.option === "always");
}

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

/**
 * What is wanted of a run beside an answer.
 *
 * - `compress`: to keep the conversation in fewer words, with an eye to `focus`. What comes of it is a checkpoint and a notice.
 * - `aside`: a question beside the conversation: it is answered out of what is known, without tools, and not remembered.
 */
export type AgentTask = { readonly kind: "compress"; readonly focus?: string } | { readonly kind: "aside" };

/** One run of an agent. Everything in it is frozen at its start. */
export interface Turn {
  readonly id: string;
  readonly session: { readonly id: string; readonly key: SessionKey };
  readonly chat: Chat;
  /** What was said; never empty. Several messages that belong together are one input. */
  readonly input: readonly [Input, ...Input[]];
  readonly request?: Json;
  /** Absent: an answer. */
  readonly task?: AgentTask;
  /** What people chose among the agent's settings, by the settings' ids. Absent keys: the agent's own default. */
  readonly chosen: Readonly<Record<string, string>>;
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
  /** It knows only what history and transcript tell it: when the newest turn is taken out of both, it never was. */
  readonly undo: boolean;
  readonly resume: "replay" | "continue";
  /** Tasks that it takes beside answering. Absent: none. */
  readonly tasks?: readonly AgentTask["kind"][];
}

/** One thing that people choose of an agent in a conversation: its model, how much it reasons, its mode. */
export interface AgentSetting {
  /** Also the command it is chosen by, in lower case: `model`, `reasoning`, `mode`. */
  readonly id: string;
  /** As people read it. */
  readonly name: string;
  /** What counts now: the id of an option, or what was written. */
  readonly current: string;
  readonly options: readonly { readonly id: string; readonly label: string; readonly description?: string }[];
  /** Whether something else than the options may be chosen, too. Default false. */
  readonly isOpen?: boolean;
}

/** The conversation whose settings are asked for. */
export interface AgentSession {
  readonly key: SessionKey;
  /** Absent: nothing was said in it yet. */
  readonly id?: string;
  /** As `Turn.chosen`. */
  readonly chosen: Readonly<Record<string, string>>;
}

/** What comes of a choice: what is remembered for it, or why it cannot be. */
export type Chosen = { readonly value: string } | { readonly refusal: string };

export interface Agent {
  readonly features: AgentFeatures;
  run(turn: Turn): AsyncIterable<AgentEvent>;
  /** The names of the settings it may have, so that their commands are known without asking. Absent: none. */
  readonly settingIds?: readonly string[];
  /** What can be chosen in a conversation. May ask others, within a few seconds; rejects where it cannot tell. */
  settings?(session: AgentSession, signal: AbortSignal): Promise<readonly AgentSetting[]>;
  /** Checks a choice. Absent: what stands among the options, or anything where the setting is open. */
  choose?(session: AgentSession, id: string, value: string, signal: AbortSignal): Promise<Chosen>;
  /** Connects again to what it takes tools from, and says in a few words of Markdown what came of it. */
  reload?(signal: AbortSignal): Promise<string>;
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
