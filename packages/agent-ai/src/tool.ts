import type { AgentEvent, Json, ToolEffect, Turn } from "@hermes/core";

/** What a call of a tool came to, as the model reads it. */
export type ToolResult =
  | { readonly outcome: "done"; readonly text: string; readonly summary?: string }
  | { readonly outcome: "failed" | "denied"; readonly text: string; readonly summary?: string };

/** Something that waits for a person before it is done. */
export interface ApprovalRequest {
  /** One sentence: what is wanted, and why a person is asked. */
  readonly reason: string;
  /** All of what will be done, exactly: a command, an address. Shown whole, or nobody is asked. */
  readonly exact: string;
  /** What may be remembered of it; see `Question.remember`. */
  readonly remember?: string;
}

/** What a tool is called with beside its input. */
export interface ToolContext {
  readonly turn: Turn;
  readonly callId: string;
  /** Aborted when the turn is, or when the call's time is over. */
  readonly signal: AbortSignal;
  /** Tells something while the tool works: a file for the reader, a notice. */
  emit(event: Extract<AgentEvent, { type: "file" | "album" | "notice" }>): void;
  /** Asks a person. `denied` comes with a sentence for the model. */
  approve(request: ApprovalRequest): Promise<{ readonly kind: "approved" } | { readonly kind: "denied"; readonly why: string }>;
}

/** What a call is, as people read it and as it is journalled, before it is made. */
export interface ToolCall {
  readonly title: string;
  readonly effect: ToolEffect;
  /** Makes it. Rejects only where the turn's signal is aborted: everything else is a result that the model reads. */
  run(context: ToolContext): Promise<ToolResult>;
}

/** One thing a model can do. */
export interface Tool {
  /** `[a-z][a-z0-9_]*`, at most 64 characters. */
  readonly name: string;
  /** The set it comes with: a turn has the tools of the sets that its place and its person were given. */
  readonly set: string;
  readonly description: string;
  /** JSON Schema of the input, an object. The same bytes each time: it is part of the prompt. */
  readonly inputSchema: { readonly [key: string]: Json };
  /** Reads an input that a model wrote; a text says what is wrong with it, for the model. */
  read(input: Json): ToolCall | string;
}

/** Where tools come from: our own, or a server's. */
export interface ToolSource {
  /** The tools of some sets, sorted by name. May start what they need; a source that cannot gives what it has and says so once in the log. */
  tools(sets: readonly string[], signal: AbortSignal): Promise<readonly Tool[]>;
  /** Text that stands in the prompt with them, the same as long as nothing changed: what is remembered of somebody. */
  instructions?(turn: Turn, sets: readonly string[]): Promise<string>;
  /** Called before what was said is compressed or forgotten. */
  flush?(turn: Turn): Promise<void>;
  /** Connects again; answers a sentence of Markdown for people. */
  reload?(signal: AbortSignal): Promise<string>;
  close(): Promise<void>;
}
