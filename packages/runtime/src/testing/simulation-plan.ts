import type { AgentFeatures, UnknownSends } from "@hermes/core";
import type { BusyMode } from "../busy/busy-mode.ts";
import type { Fault, ScriptedPlatform, ScriptedStyle } from "@hermes/testkit";
import type { SimulatedAnswer, SimulatedDeeds } from "./simulation-agent.ts";

/**
 * One thing that happens in a simulated life of a gateway. Places are numbers: 0 and 1 are private chats of the same person, 2 and 3 two
 * people in one group; the stranger's chat is `stranger`.
 */
export type SimulationStep =
  | { readonly do: "say"; readonly chat: number; readonly how: SimulatedAnswer }
  | { readonly do: "command"; readonly chat: number; readonly text: SimulatedCommand }
  /** Handed on by a command that says how it is to be treated. */
  | { readonly do: "hand on"; readonly chat: number; readonly by: "/queue" | "/steer"; readonly how: SimulatedAnswer }
  /** Somebody changes what they have said, or takes it back; `back`: so many messages ago. */
  | { readonly do: "edit"; readonly back: number; readonly to: "other words" | "nothing" | "a command" }
  | { readonly do: "delete"; readonly back: number }
  /** The word that questions ask for, said by whom it was asked of or by somebody else in that chat. */
  | { readonly do: "answer"; readonly chat: number; readonly by: "asked" | "other" }
  | { readonly do: "intrude" }
  | { readonly do: "repeat"; readonly back: number }
  | { readonly do: "fault"; readonly fault: Fault }
  | { readonly do: "lose" }
  /** Somebody pauses the platform, or resumes it. */
  | { readonly do: "pause" | "resume" }
  | { readonly do: "refuse"; readonly writes: boolean }
  | { readonly do: "advance"; readonly ms: number }
  /** By hand, with the newest delivery, or the newest message. */
  | { readonly do: "ledger"; readonly what: ByHand["what"] }
  /** The process ends at its so many next writes from now, or at once with 0. */
  | { readonly do: "crash"; readonly write: number; readonly after: boolean }
  | { readonly do: "restart" };

/** What people ask of the gateway itself. */
export type SimulatedCommand =
  | "/whoami"
  | "/new"
  | "/stop"
  | "/retry"
  | "/queue"
  | "/queue drop 1"
  | "/queue drop all"
  | "/busy interrupt"
  | "/busy queue"
  | "/busy steer";

/** What somebody did by hand with what was said so far: at which message, and which message it was about. */
export interface ByHand {
  readonly what: "retry" | "drop" | "replay";
  readonly eventId: string;
  /** So many messages were said before. */
  readonly at: number;
}

/** A life of a gateway on one platform. */
export interface SimulationPlan {
  readonly style: ScriptedStyle;
  /** How it is known whether a send that was not answered happened: the platform drops its repetition, or can be asked. */
  readonly tells: "not at all" | "drops repetitions" | "answers";
  /** What the agent can do after a crash. */
  readonly resume: AgentFeatures["resume"];
  readonly unknown: UnknownSends;
  /** What becomes of messages that come while their conversation is answered. Default `queue`: every message has an answer of its own. */
  readonly busy?: BusyMode;
  /** How long more is waited for after a message. Default: not at all. */
  readonly burstMs?: number;
  readonly steps: readonly SimulationStep[];
}

/** Something that was said to the gateway. */
export interface Asked {
  readonly eventId: string;
  readonly chatId: string;
  readonly userId: string;
  /** What an agent gets of it. */
  readonly text: string;
  /** What it says since its author changed it: the agent gets one or the other, depending on when that was. */
  readonly changes: string[];
  /** Whether its author took it back. */
  readonly takenBack: string[];
  /** When, in ISO 8601. */
  readonly at: string;
  /** What its answer has to hold, in order; empty for a command. */
  readonly tokens: readonly string[];
}

/** What was asked in a simulated life, and what came of it. */
export interface SimulationResult {
  readonly asked: readonly Asked[];
  readonly byHand: readonly ByHand[];
  readonly deeds: SimulatedDeeds;
  readonly chat: ScriptedPlatform;
  readonly restarts: number;
  readonly busyLanes: number;
  /** Alarms that are still set after the stop. */
  readonly wakesLeft: number;
}
