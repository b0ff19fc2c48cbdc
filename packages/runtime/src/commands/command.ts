import type { PlatformEvent, SessionKey } from "@hermes/core";
import type { Catalogue } from "../catalogue/catalogue.ts";

/** What a command may do to the session it was given in. */
export interface CommandSession {
  readonly key: SessionKey;
  readonly event: PlatformEvent;
  /** The command's own place in the order of events. */
  readonly seq: number;
  /** The rule that let the sender in. */
  readonly rule: string;
  readonly isRunning: boolean;
  readonly waiting: number;
  currentSessionId(): Promise<string | undefined>;
  /** Interrupts the running turn and waits until it has ended; false if none ran. */
  stopTurn(): Promise<boolean>;
  /** Takes what was sent before this command out of the lane; returns how many messages that were. */
  dropWaiting(): Promise<number>;
  endSession(): Promise<void>;
  /** Once more what the last turn did not bring to its end; false if there is nothing. */
  retry(): Promise<boolean>;
}

/** One command. All of them may be used while a turn runs. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  description(catalogue: Catalogue): string;
  /** What is answered, in Markdown. */
  run(session: CommandSession, catalogue: Catalogue, all: readonly Command[]): Promise<string>;
}

/** A command as it was written. */
export interface CommandCall {
  readonly name: string;
  readonly arguments: string;
}
