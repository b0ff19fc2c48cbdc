import type { Attachment, Turn } from "@hermes/core";

/** The turn in which something was sent, as far as reading needs it. */
export interface Occasion {
  readonly turn: Pick<Turn, "download" | "chat">;
  /** Aborted when the turn or the gateway ends. */
  readonly signal: AbortSignal;
  readonly budget: TextBudget;
}

/** How much text of documents one turn still takes. */
export interface TextBudget {
  leftBytes: number;
}

/** Somebody who reads one kind of what people send. */
export interface Reader {
  /** How it is named where it is one too many. */
  readonly what: string;
  /** What the agent reads of it. Throws `MediaFailure`. */
  read(attachment: Attachment, occasion: Occasion): Promise<string>;
  /** What the agent reads where that failed. */
  failed(attachment: Attachment, reason: string): string;
}
