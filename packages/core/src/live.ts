import type { Json } from "./json.ts";
import type { Sent } from "./message.ts";

export interface ToolStep {
  readonly callId: string;
  readonly title: string;
  readonly state: "running" | "done" | "failed";
}

/** The whole of what a live message should show now. */
export interface ReplyView {
  readonly markdown: string;
  readonly status?: string;
  readonly reasoning?: string;
  readonly steps: readonly ToolStep[];
  readonly usage?: Json;
}

/** A message that is shown while it grows, natively (a stream, a draft, a card). One handle per message. */
export interface LiveMessage {
  /** `append`: what is shown may only grow, so nothing is healed or rewritten. */
  readonly mode: "replace" | "append";
  /** In the unit of `measure`; null = no limit. */
  readonly maxLength: number | null;
  readonly minIntervalMs: number;
  readonly expiresAfterMs?: number;
  update(view: ReplyView): Promise<void>;
  /** Makes it an ordinary message that stays. */
  finish(view: ReplyView): Promise<Sent>;
  /** Gives it up; what is shown may vanish. */
  abandon(): Promise<void>;
}
