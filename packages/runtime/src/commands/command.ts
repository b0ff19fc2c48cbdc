import type { AgentSetting, Chosen, PlatformEvent, SessionKey } from "@hermes/core";
import type { ChoiceScope } from "../agents/choices.ts";
import type { BusyMode } from "../busy/busy-mode.ts";
import type { UsageFacts, WorkFacts } from "../catalogue/agent-words.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { HomeChannels } from "../delivery/home-channels.ts";
import type { PlatformDesk } from "../supervision/platform-desk.ts";
import type { RestartDesk } from "../restart/restart-desk.ts";
import type { UndoneTurn } from "../store.ts";

/** What a command is answered with, where it is more than a text. */
export interface CommandAnswer {
  /** Markdown. */
  readonly text: string;
  /** Commands that whoever asked may give by pressing a button, where there are buttons. */
  readonly choices: readonly { readonly label: string; readonly command: string }[];
}

/** What a command may do with the agent of its session. */
export interface SessionAgent {
  settings(signal: AbortSignal): Promise<readonly AgentSetting[]>;
  /** undefined takes a choice back. */
  choose(id: string, value: string | undefined, scope: ChoiceScope, signal: AbortSignal): Promise<Chosen>;
  /** Takes the last exchange out of what is remembered; undefined if there is none. */
  undo(): Promise<UndoneTurn | undefined>;
  usage(): Promise<UsageFacts>;
  /** What runs in the chat, or everywhere where the sender may look after the gateway. */
  works(): readonly WorkFacts[];
  /** Ends a background task by its id; `nothing`: there is none. */
  stopTask(id: string): Promise<"stopped" | "nothing" | "not-yours">;
  /** What came of connecting again to what tools come from; undefined where there is nothing of that kind. */
  reload(): Promise<string | undefined>;
}

/** What a command may do with what waits for an approval. */
export interface SessionApprovals {
  /** How much waits in the chat that the sender may answer. */
  readonly waiting: number;
  /** Whether what the sender asks for in this session waits for nobody. */
  isWaived(): Promise<boolean>;
  waive(isWaived: boolean): Promise<void>;
}

/** What a command may do to the session it was given in. */
export interface CommandSession {
  readonly key: SessionKey;
  readonly event: PlatformEvent;
  /** The command's own place in the order of events. */
  readonly seq: number;
  /** The rule that let the sender in. */
  readonly rule: string;
  /** The sender may look after the gateway. */
  readonly isAdmin: boolean;
  /** The command came to an earlier process, which did not answer it. */
  readonly isLeftBehind: boolean;
  readonly isRunning: boolean;
  readonly waiting: number;
  currentSessionId(): Promise<string | undefined>;
  /** Interrupts the running turn and waits until it has ended. `not-yours`: only others may do that. */
  stopTurn(): Promise<"stopped" | "nothing" | "not-yours">;
  /** Takes what was sent before this command out of the lane, of others only where the sender may; returns how many messages that were. */
  dropWaiting(): Promise<number>;
  readonly queue: SessionQueue;
  readonly busy: SessionBusyMode;
  readonly agent: SessionAgent;
  readonly approvals: SessionApprovals;
  endSession(): Promise<void>;
  /** Does something once the answer is kept; `shown` resolves when it is shown, too. */
  afterAnswer(work: (shown: Promise<void>) => void): void;
  /** Once more what the last turn did not bring to its end; false if there is nothing. */
  retry(): Promise<boolean>;
}

/** What waits in a session. */
export interface SessionQueue {
  /** The messages that were sent before the command and wait, oldest first. `isOwn`: the sender may change it. */
  list(): Promise<readonly { readonly seq: number; readonly text: string; readonly isOwn: boolean }[]>;
  /** Gives one another text, or with undefined drops it; false if it waits no longer. */
  change(seq: number, text: string | undefined): Promise<boolean>;
}

/** What becomes of messages that come while the session is being answered. */
export interface SessionBusyMode {
  readonly mode: BusyMode;
  /** undefined: as it is without a choice. */
  choose(scope: "session" | "chat", mode: BusyMode | undefined): Promise<void>;
}

/** What a command is run with. */
export interface CommandContext {
  readonly session: CommandSession;
  /** What stands behind the command's name, without space around it. */
  readonly arguments: string;
  readonly catalogue: Catalogue;
  readonly services: CommandServices;
  /** Every command there is. */
  readonly commands: readonly Command[];
  readonly nowMs: number;
}

/** What commands may do beyond the session they are given in. */
export interface CommandServices {
  readonly homeChannels: HomeChannels;
  readonly platforms: Pick<PlatformDesk, "list" | "pause" | "resume">;
  readonly restarts: Pick<RestartDesk, "ask" | "perform" | "isCertain">;
}

/** One command. All of them may be used while a turn runs. */
export interface Command {
  readonly name: string;
  readonly aliases: readonly string[];
  /** What may stand behind the name, as people read it: `[queue|steer]`. */
  readonly usage?: string;
  /** Who may use it. Default: everybody who is let in. */
  readonly who?: "admins";
  description(catalogue: Catalogue): string;
  /** What is answered, in Markdown. */
  run(context: CommandContext): Promise<string | CommandAnswer>;
}

/** A command as it was written. */
export interface CommandCall {
  readonly name: string;
  readonly arguments: string;
}
